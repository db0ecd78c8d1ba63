import type { Inputs } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { More, Resource } from '../../../model/resource.ts';
import { type FileOut, file } from '../file.ts';
import type { Absent } from '../state.ts';

export interface SudoersWant extends Absent {
  /** Lines as in sudoers(5). Required unless `absent`. */
  readonly content?: string;
}

/** What users may do by sudo: a file of its own under /etc/sudoers.d, which `visudo` must accept before it goes live. */
export function sudoers(spec: { readonly name: string } & Inputs<SudoersWant>, more?: More): Resource<FileOut> {
  const { name, ...want } = spec as { readonly name: string } & SudoersWant;
  const path = `/etc/sudoers.d/${plainName(name)}`;
  if (want.absent === true) return file({ path, absent: true }, more);
  return file({ path, ...want, mode: '0440', owner: 'root', group: 'root', validate: ['visudo', '-cf', '%s'] }, more);
}

// sudo skips names with a dot or a tilde, without a word.
function plainName(name: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return name;
  throw new CairnError(
    problem('bad-sudoers-name', `sudo reads no file named ${JSON.stringify(name)}`, {
      help: 'use letters, digits, _ and -',
    }),
  );
}
