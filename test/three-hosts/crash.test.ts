import { expect, it } from 'vitest';
import { crashAt, findEnds } from './crash-records.ts';

/** Each so manyth record is tried here, all of them by `npm run proof`. */
const every = 23;

it('the example on fake hosts, killed at journal records, goes on to the same end and is taken back', {
  timeout: 120_000,
}, async () => {
  const ends = await findEnds();
  expect(ends.records).toBeGreaterThan(150);
  for (let record = 1; record <= ends.records; record += every) await crashAt(record, record % 2 === 0, ends);
});
