import { type Input, text } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { More, Resource } from '../../../model/resource.ts';
import { file } from '../file.ts';

export interface DnfRepositorySpec {
  /** Of its files: `docker` makes /etc/yum.repos.d/docker.repo. */
  readonly name: string;
  /** Where it is; may hold dnf's own `$releasever` and `$basearch`. */
  readonly uri: Input<string>;
  /** The public key that must have signed its packages, armored. */
  readonly key: Input<string>;
  /** Neither file may be there. */
  readonly absent?: boolean;
}

/** A repository of packages for dnf, and the key that it names: two files, to be spread into a step's resources. */
export function dnfRepository(spec: DnfRepositorySpec, more?: More): Readonly<Record<string, Resource<unknown>>> {
  const { name, uri, key, absent = false } = spec;
  const keyPath = `/etc/pki/rpm-gpg/RPM-GPG-KEY-${plainName(name)}`;
  const at = (path: string, content: Input<string>): Resource<unknown> =>
    file(absent ? { path, absent } : { path, content, mode: '0644', owner: 'root', group: 'root' }, more);
  return {
    [`${name} key`]: at(keyPath, key),
    [`${name} repository`]: at(
      `/etc/yum.repos.d/${name}.repo`,
      text`[${name}]\nname=${name}\nbaseurl=${uri}\nenabled=1\ngpgcheck=1\ngpgkey=file://${keyPath}\n`,
    ),
  };
}

function plainName(name: string): string {
  if (/^[A-Za-z0-9_.-]+$/.test(name)) return name;
  throw new CairnError(
    problem('bad-repository-name', `dnf knows no repository named ${JSON.stringify(name)}`, {
      help: 'use letters, digits, _, . and -',
    }),
  );
}
