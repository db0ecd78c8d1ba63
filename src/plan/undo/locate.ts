import { diagnosticsOf, problem } from '../../model/diagnostic.ts';
import type { AnyType, Reading } from '../../model/resource.ts';
import { type Reach, readerFor } from '../access.ts';
import type { PreparedUndo } from './undo.ts';

/** What is to be taken back, before anything is said of it. */
export type Found = Omit<PreparedUndo, 'change'>;

export interface Located extends Found {
  readonly reading: Reading<unknown>;
  /** Only found by the id that its step gives it now: what was asked for then can't be compared. */
  readonly isRenamed: boolean;
}

/**
 * Reads a thing by the id that it was made with, an API version among it; where nobody serves that any more, by the one that
 * its step gives it now, or that is served in its place.
 */
export async function locate(found: Found, declared: unknown): Promise<Located> {
  const { type, id, reach } = found;
  const reading = await readSafely(type, id, reach);
  if (reading.is !== 'absent') return { ...found, reading, isRenamed: false };
  for (const other of [declared, await type.servedNow?.(id, readerFor(type.on, reach))]) {
    if (other === undefined || other === null || JSON.stringify(other) === JSON.stringify(id)) continue;
    const now = await readSafely(type, other, reach);
    if (now.is !== 'absent') return { ...found, id: other, reading: now, isRenamed: true };
  }
  return { ...found, reading, isRenamed: false };
}

/** Reads a thing; errors become `unreadable`. */
export async function readSafely(type: AnyType, id: unknown, reach: Reach): Promise<Reading<unknown>> {
  try {
    return await type.read(id, readerFor(type.on, reach));
  } catch (error) {
    return { is: 'unreadable', why: diagnosticsOf(error)[0] ?? problem('unreadable', 'it could not be read') };
  }
}
