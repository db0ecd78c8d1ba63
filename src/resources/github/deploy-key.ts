import { CairnError, problem } from '../../model/diagnostic.ts';
import type { RestReader } from '../../model/rest.ts';
import type { Secret } from '../../model/secret.ts';
import { type Fields, normalFields } from '../thing/fields.ts';
import { type Absent, thing } from '../thing/thing.ts';
import { listOf, listPath, onlyOne } from './repository.ts';

export interface DeployKeyId {
  /** OWNER/NAME */
  readonly repository: string;
  readonly title: string;
}

export interface DeployKeyWant extends Absent {
  /** Public key, `ssh-ed25519 AAAA…`; a comment behind it is left out. */
  readonly key: string | Secret;
  /** Default for a new one: true. */
  readonly read_only?: boolean;
}

export interface DeployKeyOut {
  readonly id: string;
}

/** An SSH key that lets into one repository. GitHub changes none: another key, or other rights, is a new one in its place. */
export const deployKey = thing<'github', DeployKeyId, DeployKeyWant, DeployKeyOut>('github', {
  name: 'github/deployKey',
  identity: ['repository', 'title'],
  address: ({ repository, title }) => `DeployKey/${repository}/${encodeURIComponent(title)}`,
  title: ({ repository, title }) => `DeployKey ${repository} "${title}"`,
  understood: { key: withoutComment },
  async look(id, from) {
    const found = onlyOne(
      (await keysOf(id, from)).filter(({ title }) => title === id.title),
      titleOf(id),
    );
    if (!found) return null;
    const { key, read_only } = found;
    return { id: String(found.id), fields: normalFields({ key: withoutComment(String(key)), read_only }) };
  },
  async tried(id, { fields: { key } }, live, from) {
    if (typeof key !== 'string' || live?.fields.key === key) return {};
    const other = (await keysOf(id, from)).find((one) => withoutComment(String(one.key)) === key);
    if (!other || other.title === id.title) return {};
    const help = `call it "${other.title}" in the step, or remove it by hand: a key is in a repository once`;
    throw new CairnError(problem('github-key-in-use', `${titleOf(id)} is there as "${other.title}"`, { help }));
  },
  make: ({ repository, title }, fields, to) =>
    to.create(listPath(repository, 'keys'), { read_only: true, ...fields, title }),
  drop: ({ repository }, { id }, to) => to.remove(`${listPath(repository, 'keys')}/${id}`),
  out: ({ id }) => ({ id }),
});

function keysOf({ repository }: DeployKeyId, from: RestReader): Promise<readonly Fields[]> {
  return listOf(repository, 'keys', from);
}

function titleOf({ repository, title }: DeployKeyId): string {
  return `deploy key "${title}" of ${repository}`;
}

function withoutComment(key: string): string {
  return key.trim().split(/\s+/).slice(0, 2).join(' ');
}
