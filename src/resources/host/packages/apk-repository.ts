import type { Input } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { More, Resource } from '../../../model/resource.ts';
import { line } from '../content/line.ts';
import { file } from '../file.ts';

export interface ApkRepositorySpec {
  /** Of its key's file, as its maker names it: `ours@example.org-5f2a`. */
  readonly name: string;
  /** As in /etc/apk/repositories: `https://example.org/alpine/v3.20`. */
  readonly uri: string;
  /** The public key that signs it, PEM. */
  readonly key: Input<string>;
  /** Neither line nor key may be there. */
  readonly absent?: boolean;
}

/** A repository of packages for apk: its key and its line, to be spread into a step's resources. */
export function apkRepository(spec: ApkRepositorySpec, more?: More): Readonly<Record<string, Resource<unknown>>> {
  const { name, uri, key, absent = false } = spec;
  const path = `/etc/apk/keys/${plainName(name)}.rsa.pub`;
  const owned = { mode: '0644', owner: 'root', group: 'root' } as const;
  return {
    [`${name} key`]: file(absent ? { path, absent } : { path, content: key, ...owned }, more),
    [`${name} repository`]: line({ path: '/etc/apk/repositories', line: uri, ...(absent ? { absent } : {}) }, more),
  };
}

// The signature of an index names the file of its key.
function plainName(name: string): string {
  if (/^[A-Za-z0-9_.@-]+$/.test(name)) return name;
  throw new CairnError(
    problem('bad-repository-name', `apk finds no key named ${JSON.stringify(name)}`, {
      help: 'use the name that the maker of the key gave it, without .rsa.pub',
    }),
  );
}
