import { setImmediate } from 'node:timers/promises';
import { expect } from 'vitest';
import { type FakeSite, openFakeSite } from './fake.ts';

const quick = { verify: false };

/** Where runs of the example on fake hosts begin and end. */
export interface Ends {
  readonly before: unknown;
  readonly made: unknown;
  readonly effects: readonly string[];
  /** Journal records of a run that nobody kills. */
  readonly records: number;
  /** Changes that such a run makes of each host. */
  readonly changes: ReadonlyMap<string, number>;
  /** Journal records of its undo. */
  readonly undoRecords: number;
}

/** Carries the example out once, without a crash, and takes it back. */
export async function findEnds(): Promise<Ends> {
  const { world, hosts, effects, form } = await openFakeSite();
  const before = form();
  expect(await world.up(quick)).toMatchObject({ code: 0 });
  const records = world.journal.written.length;
  const changes = new Map([...hosts].map(([name, host]) => [name, host.changes]));
  const ends = { before, made: form(), effects: effects.toSorted(), records, changes };
  expect(await world.pending()).toEqual([]);
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect(form()).toEqual(before);
  return { ...ends, undoRecords: world.journal.written.length - records };
}

/**
 * Kills a first run at a journal record: it goes on to the same end, does nothing twice, and is taken back.
 * @param keeps whether that record still reaches the disk
 */
export async function crashAt(record: number, keeps: boolean, ends: Ends): Promise<void> {
  const { world, hosts, effects, form } = await openFakeSite();
  world.journal.crashAt(record, keeps);
  await world.up(quick).catch(() => undefined);
  await comeToRest(hosts);
  expect(world.journal.crashed).toBe(true);
  world.journal.revive();
  const { code } = await world.up(quick);
  expect({ record, code, form: form() }).toEqual({ record, code: 0, form: ends.made });
  expect({ record, effects: effects.toSorted() }).toEqual({ record, effects: ends.effects });
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect({ record, form: form() }).toEqual({ record, form: ends.before });
}

/** A change of a first run that fails, counted from 1 on its host. */
export interface FailedChange {
  readonly host: string;
  readonly change: number;
  /** Operations of it that happen before the connection breaks; null: it is refused as it stands. */
  readonly after: number | null;
}

/** Every change of a first run, refused as it stands, and cut short after each of its operations. */
export function failedChanges({ changes }: Ends): readonly FailedChange[] {
  return [...changes].flatMap(([host, count]) =>
    Array.from({ length: count }, (_, i) => [null, 0, 1, 2, 3].map((after) => ({ host, change: i + 1, after }))).flat(),
  );
}

/** Lets one change of a first run fail, and takes back what was made until then: everything is as it was before. */
export async function failAt({ host: name, change, after }: FailedChange, ends: Ends): Promise<void> {
  const { world, hosts, form } = await openFakeSite();
  const host = hosts.get(name);
  if (!host) throw new Error(`no host ${name}`);
  if (after === null) host.failAt = change;
  else host.cut = { at: change, after, silent: 1 };
  const { code } = await world.up(quick);
  // A broken connection is made anew, and what happened is read: such a run may end well.
  if (after !== null && code === 0) expect({ name, change, form: form() }).toEqual({ name, change, form: ends.made });
  else expect({ name, change, after, code }).toEqual({ name, change, after, code: 1 });
  host.failAt = undefined;
  host.cut = undefined;
  const undone = await world.undo();
  expect(undone, JSON.stringify([name, change, after, undone.failure])).toMatchObject({ code: 0 });
  expect({ name, change, after, form: form() }).toEqual({ name, change, after, form: ends.before });
}

/**
 * Kills an undo at a journal record, the undo of what that left at another, and lets the third one end: everything is as it was before.
 * @param then record of the second undo; past its end nothing is killed
 */
export async function killUndoAt(record: number, then: number, ends: Ends): Promise<void> {
  const { world, hosts, form } = await openFakeSite();
  expect(await world.up(quick)).toMatchObject({ code: 0 });
  for (const [i, at] of [record, then].entries()) {
    world.journal.crashAt(at, (at + i) % 2 === 0);
    await world.undo().catch(() => undefined);
    await comeToRest(hosts);
    world.journal.revive();
  }
  const undone = await world.undo();
  expect(undone, JSON.stringify([record, then, undone.failure])).toMatchObject({ code: 0 });
  expect({ record, then, form: form() }).toEqual({ record, then, form: ends.before });
}

// What a killed run had sent to another host still happens there; who comes a moment too early is told so, and plans again.
async function comeToRest(hosts: FakeSite['hosts']): Promise<void> {
  const all = (): number => [...hosts.values()].reduce((sum, { changes }) => sum + changes, 0);
  for (let quiet = 0, before = all(); quiet < 20; quiet += 1) {
    await setImmediate();
    if (all() !== before) quiet = 0;
    before = all();
  }
}
