import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** Where names in `Include` start from. */
export interface IncludeFrom {
  /** `~/.ssh`, or `/etc/ssh` for settings of the system. */
  readonly folder: string;
  readonly home: string;
}

/** The files that one word of an `Include` line means, in order; none where nothing matches. */
export async function filesIncluded(word: string, { folder, home }: IncludeFrom): Promise<readonly string[]> {
  const whole = word.replace(/^~(?=\/|$)/, home);
  const [first = '', ...parts] = (isAbsolute(whole) ? whole : join(folder, whole)).split('/');
  let found: readonly string[] = [first];
  for (const [at, part] of parts.entries()) {
    const isLast = at === parts.length - 1;
    const next = await Promise.all(found.map((path) => namesOf(path, part, isLast)));
    found = next.flat();
  }
  return found;
}

async function namesOf(folder: string, part: string, isLast: boolean): Promise<readonly string[]> {
  if (!/[*?[]/.test(part)) return [`${folder}/${part}`];
  const entries = await readdir(folder || '/', { withFileTypes: true }).catch(() => []);
  const pattern = globOf(part);
  return entries
    .filter((entry) => pattern.test(entry.name) && (part.startsWith('.') || !entry.name.startsWith('.')))
    .filter((entry) => !isLast || !entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`)
    .sort();
}

// As glob(3): *, ? and [a-z], [!a-z].
function globOf(part: string): RegExp {
  const text = part.replace(/\[!?[^\]]+\]|[*?]|[^*?[]|\[/g, (piece) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    if (piece.length > 1) return piece.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return piece.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${text}$`, 's');
}
