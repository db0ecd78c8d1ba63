import { expect } from 'vitest';
import { openFakeSite } from './fake.ts';

const quick = { verify: false };

/** Where runs of the example on fake hosts begin and end. */
export interface Ends {
  readonly before: unknown;
  readonly made: unknown;
  readonly effects: readonly string[];
  /** Journal records of a run that nobody kills. */
  readonly records: number;
}

/** Carries the example out once, without a crash, and takes it back. */
export async function findEnds(): Promise<Ends> {
  const { world, effects, form } = await openFakeSite();
  const before = form();
  expect(await world.up(quick)).toMatchObject({ code: 0 });
  const ends = { before, made: form(), effects: effects.toSorted(), records: world.journal.written.length };
  expect(await world.pending()).toEqual([]);
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect(form()).toEqual(before);
  return ends;
}

/**
 * Kills a first run at a journal record: it goes on to the same end, does nothing twice, and is taken back.
 * @param keeps whether that record still reaches the disk
 */
export async function crashAt(record: number, keeps: boolean, ends: Ends): Promise<void> {
  const { world, effects, form } = await openFakeSite();
  world.journal.crashAt(record, keeps);
  await world.up(quick).catch(() => undefined);
  expect(world.journal.crashed).toBe(true);
  world.journal.revive();
  const { code } = await world.up(quick);
  expect({ record, code, form: form() }).toEqual({ record, code: 0, form: ends.made });
  expect({ record, effects: effects.toSorted() }).toEqual({ record, effects: ends.effects });
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect({ record, form: form() }).toEqual({ record, form: ends.before });
}
