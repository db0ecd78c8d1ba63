import { expect, test } from 'vitest';
import { oldCopies } from '../../src/journal/ledger/old-copies.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { World } from '../rig/world.ts';
import { rootFile } from './things.ts';

const path = '/etc/large';
const large = (letter: string): string => letter.repeat(1024 * 1024 + 1);
const stepsOf = (content: string): Record<string, Step> => ({
  'demo/10_large': step({
    summary: 'A large file',
    on: 'hosts',
    undo: restore,
    resources: () => ({ large: rootFile(path, content) }),
  }),
});

test('a copy that undo to the baseline needs stays for good; others are old after their days', async () => {
  const world = new World(stepsOf(large('b')));
  const content = Buffer.from(large('a'));
  world.host.files.set(path, { kind: 'file', content, mode: '0644', owner: 'root', group: 'root' });
  const before = world.host.snapshot();
  await world.up();
  world.useSteps(stepsOf(large('c')));
  await world.up();
  expect(world.host.copies.size).toBe(2);
  const entries = await world.journal.entries();
  const later = new Date(Date.now() + 91 * 24 * 60 * 60 * 1000).toISOString();
  expect(oldCopies(entries, 90, new Date().toISOString())).toEqual(new Map());
  const [copies = []] = oldCopies(entries, 90, later).values();
  expect(copies).toHaveLength(1);
  for (const copy of copies)
    await world.host.change({ guards: [], operations: [{ do: 'drop-copy', ...copy }], readBack: [] });
  expect(world.host.copies.size).toBe(1);
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect(world.host.snapshot()).toEqual(before);
});
