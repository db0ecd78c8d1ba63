import type { Locks } from '../../src/model/journal.ts';
import type { RunOptions } from '../../src/run/context.ts';

/** What a run is given unless a test says otherwise. */
export const options: RunOptions = {
  verify: true,
  disrupt: false,
  allowReplace: false,
  allowDataLoss: [],
  force: false,
  concurrency: 8,
  timeout: 5_000,
};

/** Milliseconds that a real API server may take to delete something: its collector of garbage comes by every half minute. */
export const patience = 60_000;

/** Locks that nobody else ever holds. */
export const freeLocks: Locks = {
  acquire: () =>
    Promise.resolve({ check: () => Promise.resolve(), release: () => Promise.resolve(), abandon: () => {} }),
};
