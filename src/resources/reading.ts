import { CairnError, diagnosticsOf, problem } from '../model/diagnostic.ts';
import type { Reading } from '../model/resource.ts';

/** What is there; null when nothing is. */
export function seen<L>(live: L | null): Reading<L> {
  return live === null ? { is: 'absent' } : { is: 'present', live };
}

/** Turns "could not look" into a reading, so that it is never taken for absent. */
export async function readingOf<L>(look: () => Promise<L | null>): Promise<Reading<L>> {
  try {
    return seen(await look());
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    return { is: 'unreadable', why: diagnosticsOf(error)[0] ?? problem('unreadable', error.message) };
  }
}
