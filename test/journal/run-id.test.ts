import { expect, it } from 'vitest';
import { FileJournal } from '../../src/journal/file-journal.ts';
import { runIdsIn } from '../../src/journal/run-ids.ts';
import { newRunId } from '../../src/model/run-id.ts';
import { temporarySettings } from './rig.ts';
import { done, finished, started } from './sample.ts';

it('the id of a run is short, and is never given twice', () => {
  expect(newRunId([])).toMatch(/^[0-9a-f]{4}$/);
  const all = Array.from({ length: 16 ** 4 }, (_, i) => i.toString(16).padStart(4, '0'));
  expect(newRunId(all)).toMatch(/^[0-9a-f]{5}$/);
  const free = '7f3a';
  const taken = new Set(all.filter((id) => id !== free));
  for (let i = 0; i < 50; i += 1) expect(taken.has(newRunId(taken))).toBe(false);
});

it('the ids of past runs are found without a key, and only those', async () => {
  const settings = temporarySettings();
  expect(await runIdsIn(settings.folder)).toEqual(new Set());
  const journal = new FileJournal(settings);
  const deceiving = '{"is":"run-started","run":"cc"';
  for (const entry of [
    started('aa'),
    done('aa', deceiving, deceiving, {}),
    finished('aa'),
    started('aa'),
    started('bb'),
  ])
    await journal.append(entry);
  await journal.close();
  expect(await runIdsIn(settings.folder)).toEqual(new Set(['aa', 'bb']));
});
