import { journalFile } from './file-journal.ts';
import { readBytes } from './read-journal.ts';

/**
 * Ids of the runs in a journal's folder. Their records aren't encrypted: they are looked for in the text, which costs a
 * small part of reading the journal whole.
 */
export async function runIdsIn(folder: string): Promise<ReadonlySet<string>> {
  const text = (await readBytes(journalFile(folder))).toString('latin1');
  const starts = text.matchAll(/\{"is":"run-started","run":"([^"]+)"/g);
  return new Set(Iterator.from(starts).map(([, run = '']) => run));
}
