import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { root } from '../e2e/rig.ts';
import { isQuietAgain } from '../run/generated/again.ts';
import { happensAsPlanned, happensAsSaved } from '../run/generated/exactness.ts';
import { scene } from '../run/generated/scenes.ts';
import { isStopped, isUndone, trouble } from '../run/generated/trouble.ts';
import { type Tried, tryAll } from '../run/generated/try-all.ts';
import { crashAt, type Ends, failAt, failedChanges, findEnds, killUndoAt } from '../three-hosts/crash-records.ts';

const cases = 10_000;
/** Undos that are killed again: each at its first record, in its midst, and near its end. */
const nested = [1, 20, 60, 120];

const rows: string[] = [];
const scenes = { arbitrary: scene, of: { happensAsPlanned, happensAsSaved, isQuietAgain } };
const troubles = { arbitrary: trouble, of: { isUndone, isStopped } };
const claims = {
  happensAsPlanned: 'A plan writes nothing; what is exact happens exactly; nothing unlisted is written',
  happensAsSaved: 'A saved plan happens as it stands, or nothing does, whatever came between',
  isQuietAgain: 'A second run writes nothing: no time of a path, no version of an object is another',
  isUndone: 'Undo gives back what was there, wherever the run failed, and though it is killed itself, twice over',
  isStopped: 'A journal that can no longer be written stops the run before its next write',
} as const;

async function prove<T>(
  name: keyof typeof claims,
  arbitrary: fc.Arbitrary<T>,
  property: (one: T) => Promise<Tried>,
): Promise<void> {
  const { tried, refused } = await tryAll(cases, arbitrary, property);
  rows.push(`| ${claims[name]} | ${cases} | ${tried} | ${refused} |`);
  expect(tried).toBeGreaterThan(cases / 4);
}

it.each(Object.keys(scenes.of) as (keyof typeof scenes.of)[])('%s, in generated worlds', async (name) => {
  await prove(name, scenes.arbitrary, scenes.of[name]);
});

it.each(Object.keys(troubles.of) as (keyof typeof troubles.of)[])('%s, in generated worlds', async (name) => {
  await prove(name, troubles.arbitrary, troubles.of[name]);
});

let ends: Ends;
beforeAll(async () => {
  fc.configureGlobal({ seed: Number(process.env.CAIRN_SEED ?? 1) });
  ends = await findEnds();
});

const counts = { kills: 0, failures: 0, undos: 0 };

it('the example on hosts in memory goes on from each of its journal records', async () => {
  for (let record = 1; record <= ends.records; record += 1)
    for (const keeps of [true, false]) {
      await crashAt(record, keeps, ends);
      counts.kills += 1;
    }
});

it('it is taken back from each change that fails, and from each operation after which one is cut short', async () => {
  for (const one of failedChanges(ends)) {
    await failAt(one, ends);
    counts.failures += 1;
  }
});

it('it is taken back though its undo is killed at each record, and then once more', async () => {
  for (let record = 1; record <= ends.undoRecords; record += 1)
    for (const then of nested) {
      await killUndoAt(record, then, ends);
      counts.undos += 1;
    }
});

it('writes its page', () => {
  expect(rows.length).toBe(Object.keys(claims).length);
  const day = new Date().toISOString().slice(0, 10);
  const page = [
    '# Generated worlds',
    '',
    `\`npm run proof -- test/proof/generated.test.ts\`, ${day}. A world of files, directories, links, ConfigMaps and actions, what is in it before, what is`,
    'wished of it, and what goes wrong, are all generated. The hosts and clusters are in memory; the engine, the types and the order of writes are the real',
    'ones, and the same contracts hold the hosts in memory to what real ones do. *Came to something*: there was something to change, or what was to fail failed.',
    '',
    '| claim | cases | came to something | refused as they stood |',
    '|---|---|---|---|',
    ...rows,
    '',
    'The seed is 1, so that the run can be repeated; `CAIRN_SEED=7` tries others. A case that breaks a claim is printed at its smallest.',
    '',
    '## The example of three hosts',
    '',
    `[The example](../../examples/three-hosts/README.md), 23 steps on three hosts in memory, writes ${ends.records} journal records, and its undo ${ends.undoRecords}. 0 failures in:`,
    '',
    `- ${counts.kills} runs killed at a record, each with that record on the disk and without it: all went on to the same end, installed and started nothing twice,`,
    '  and were taken back.',
    `- ${counts.failures} runs in which one change of a host was refused, or its connection broke before it or after its first, second or third operation: all were taken back`,
    '  from there; those that read what had happened and went on came to the same end.',
    `- ${counts.undos} undos killed at a record, whose second undo was killed at another: the third one gave back what was there.`,
    '',
  ];
  writeFileSync(join(root, 'docs/proof/generated.md'), page.join('\n'));
});
