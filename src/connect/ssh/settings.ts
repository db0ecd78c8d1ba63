import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { SshWay } from '../../model/project.ts';

/** How one hop is reached: what the inventory says, then ~/.ssh/config, then what OpenSSH does by itself. */
export interface SshSettings {
  /** As the inventory calls it, for people. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Hops before it, nearest first: names as `ssh -J` takes them. */
  readonly jumps: readonly string[];
  readonly identityFiles: readonly string[];
  /** Only the files above, nothing else that an agent holds. */
  readonly identitiesOnly: boolean;
  /** Socket of an agent. */
  readonly agent?: string;
  readonly knownHosts: readonly string[];
  /** What the server is called in known_hosts. */
  readonly hostKeyAlias?: string;
  /** Seconds. */
  readonly connectTimeout: number;
}

const systemKnownHosts = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];
const usualIdentities = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** Where a user's own settings and keys lie; the environment they are read in. */
export interface SshHome {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

/** This user's. */
export function ownHome(): SshHome {
  return { home: process.env.HOME ?? homedir(), env: process.env };
}

/**
 * The settings of a host.
 * @param asked what the inventory says of it
 * @throws CairnError `ssh-config` when ~/.ssh/config can't be understood
 */
export async function settingsOf(name: string, asked: SshWay, { home, env }: SshHome): Promise<SshSettings> {
  const alias = asked.host ?? name;
  const config = await configOf(alias, asked.user, home);
  const one = (key: string): string | undefined => config[key.toLowerCase()]?.at(-1);
  const host = expand(one('HostName') ?? alias, { '%h': alias });
  const user = asked.user ?? one('User') ?? userInfo().username;
  const tokens = { '%d': home, '%h': host, '%n': alias, '%r': user, '%u': userInfo().username, '%%': '%' };
  const path = (text: string): string => expand(text, tokens).replace(/^~(?=\/|$)/, home);
  const files = (config.identityfile ?? []).map(path).filter((file) => file !== 'none');
  const identityFiles = asked.key === undefined ? files : [asked.key];
  const agent = agentOf(one('IdentityAgent'), env, path);
  const hostKeyAlias = one('HostKeyAlias');
  const userFiles = one('UserKnownHostsFile')?.split(/\s+/) ?? ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
  const globalFiles = one('GlobalKnownHostsFile')?.split(/\s+/) ?? systemKnownHosts;
  const jump = one('ProxyJump');
  return {
    name,
    host,
    port: asked.port ?? Number(one('Port') ?? 22),
    user,
    jumps: jump === undefined || jump === 'none' ? [] : jump.split(',').map((hop) => hop.trim()),
    identityFiles: identityFiles.length > 0 ? identityFiles : usualIdentities.map((file) => join(home, '.ssh', file)),
    identitiesOnly: asked.key !== undefined || one('IdentitiesOnly')?.toLowerCase() === 'yes',
    ...(agent === undefined ? {} : { agent }),
    knownHosts: [...userFiles, ...globalFiles].map(path).filter((file) => file !== 'none'),
    ...(hostKeyAlias === undefined ? {} : { hostKeyAlias }),
    connectTimeout: Number(one('ConnectTimeout') ?? 10),
  };
}

// Directives by lower-cased name, each with its values.
async function configOf(
  alias: string,
  user: string | undefined,
  home: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const file = join(home, '.ssh/config');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new CairnError(problem('ssh-config', `${file} can't be read: ${error.message}`));
  });
  if (text === '') return {};
  const { parse } = await import('ssh-config');
  try {
    const found = parse(text).compute({ Host: alias, ...(user === undefined ? {} : { User: user }) });
    return Object.fromEntries(
      Object.entries(found).map(([key, value]) => [key.toLowerCase(), Array.isArray(value) ? value : [value]]),
    );
  } catch (error) {
    throw new CairnError(problem('ssh-config', `${file} can't be understood: ${String(error)}`));
  }
}

function agentOf(
  asked: string | undefined,
  env: NodeJS.ProcessEnv,
  path: (text: string) => string,
): string | undefined {
  if (asked === 'none') return undefined;
  if (asked === undefined || asked === 'SSH_AUTH_SOCK') return env.SSH_AUTH_SOCK || undefined;
  return asked.startsWith('$') ? env[asked.slice(1)] : path(asked);
}

function expand(text: string, tokens: Readonly<Record<string, string>>): string {
  return text.replace(/%[a-z%]/gi, (token) => tokens[token] ?? token);
}
