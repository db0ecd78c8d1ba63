import { readFile } from 'node:fs/promises';
import { CairnError, problem } from '../model/diagnostic.ts';
import type { Entry } from '../model/journal.ts';
import type { Secret } from '../model/secret.ts';
import { decodeLines } from './lines.ts';
import { decodeEntry, type StoredRecord } from './records.ts';
import { Opener } from './seal.ts';

export interface ReadJournal {
  readonly entries: readonly Entry[];
  /** Bytes up to which the file is whole. */
  readonly whole: number;
  /** The checksum of the last record. */
  readonly last: string;
  readonly opener: Opener;
}

/** Reads a whole journal without changing it; a file that isn't there is an empty one. */
export async function readJournal(file: string, identities: readonly Secret[]): Promise<ReadJournal> {
  const { records, whole, last } = decodeLines(await readBytes(file), file);
  const opener = new Opener(identities);
  const entries: Entry[] = [];
  for (const record of records) {
    const stored = JSON.parse(record) as StoredRecord;
    if (stored.is === 'key') await opener.learn(stored);
    else entries.push(decodeEntry(stored, opener));
  }
  return { entries, whole, last, opener };
}

/** A journal's bytes; none where there is no file. */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return Buffer.alloc(0);
    throw new CairnError(
      problem('journal-unreadable', `The journal could not be read: ${file}`, {
        detail: [message],
        help: 'give access there, then run this again',
      }),
    );
  }
}
