import { CairnError, problem } from '../../model/diagnostic.ts';

/** Where a repository is, by SSH. */
export interface SshAddress {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** With `/` at the start where it is absolute. */
  readonly path: string;
}

const name = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** Reads `ssh://git@host:22/owner/name.git` and `git@host:owner/name.git`. @throws CairnError `bad-git` */
export function addressOf(url: string): SshAddress {
  const full = URL.parse(url);
  const short = /^([^@/:]+)@([^/:]+):(.+)$/.exec(url);
  const found =
    full?.protocol === 'ssh:'
      ? { user: full.username || 'git', host: full.hostname, port: Number(full.port || 22), path: full.pathname }
      : { user: short?.[1] ?? '', host: short?.[2] ?? '', port: 22, path: short?.[3] ?? '' };
  if (name.test(found.user) && name.test(found.host) && found.path.length > 1 && !full?.password) return found;
  throw new CairnError(
    problem('bad-git', `"${url}" is no repository that can be reached by SSH`, {
      help: 'write it like git@git.example:acme/shop.git, or ssh://git@git.example:2222/acme/shop.git',
    }),
  );
}

/** The same as one URL that leaves nothing to guess. */
export function urlOf({ user, host, port, path }: SshAddress): string {
  return path.startsWith('/') ? `ssh://${user}@${host}:${port}${path}` : `${user}@${host}:${path}`;
}
