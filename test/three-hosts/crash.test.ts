import { beforeAll, expect, it } from 'vitest';
import { crashAt, type Ends, failAt, failedChanges, findEnds, killUndoAt } from './crash-records.ts';

/** Each so manyth is tried here, all of them by `npm run proof`. */
const every = 23;
const timeout = 120_000;

let ends: Ends;
beforeAll(async () => {
  ends = await findEnds();
});

it('the example on fake hosts, killed at journal records, goes on to the same end and is taken back', {
  timeout,
}, async () => {
  expect(ends.records).toBeGreaterThan(150);
  for (let record = 1; record <= ends.records; record += every) await crashAt(record, record % 2 === 0, ends);
});

it('is taken back wherever a change of it fails', { timeout }, async () => {
  const all = failedChanges(ends);
  expect(all.length).toBeGreaterThan(300);
  for (const one of all.filter((_, i) => i % every === 0)) await failAt(one, ends);
});

it('is taken back though its undo is killed, and the undo after that, too', { timeout }, async () => {
  expect(ends.undoRecords).toBeGreaterThan(100);
  for (let record = 1; record <= ends.undoRecords; record += every) await killUndoAt(record, (record * 7) % 50, ends);
});
