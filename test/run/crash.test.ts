import { describe, expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { link } from '../../src/resources/host/link.ts';
import { World } from '../rig/world.ts';
import { objectsIn, rootFile } from './things.ts';

const files = step({
  summary: 'Files',
  on: 'hosts',
  undo: restore,
  resources: () => ({
    changed: rootFile('/etc/was-there', 'new\n', '0640'),
    made: rootFile('/etc/made', 'made\n'),
    link: link({ path: '/etc/link', target: '/etc/made' }),
  }),
});

const objects = objectsIn('theirs', { ours: 'yes' });

async function prepared(): Promise<World> {
  const world = new World({ 'demo/10_files': files, 'demo/20_objects': objects });
  await world.host.change({
    guards: [],
    readBack: [],
    operations: [
      { do: 'put-file', path: '/etc/was-there', content: 'old\n', mode: '0600', owner: 'root', group: 'root' },
    ],
  });
  world.kube.edit({ apiVersion: 'v1', kind: 'Namespace', name: 'theirs' }, 'kubectl-create', (object) => ({
    ...object,
    metadata: { name: 'theirs', labels: { theirs: 'kept', ours: 'no' } },
  }));
  return world;
}

// A killed process comes back with nothing but the journal and the world; the engine reports the crash as a failed run.
async function killedUp(record: number, keeps: boolean): Promise<{ world: World; before: unknown; finished: boolean }> {
  const world = await prepared();
  const before = world.snapshot();
  world.journal.crashAt(record, keeps);
  const result = await world.up().catch(() => ({ code: 1 }));
  world.journal.revive();
  return { world, before, finished: result.code === 0 };
}

const records = Array.from({ length: 14 }, (_, i) => i + 1);

describe.each([true, false])('killed at a journal record (which %s reaches the disk)', (keeps) => {
  it.each(records)('%i: a second run converges, and undo from there leaves nothing', async (record) => {
    const { world, before } = await killedUp(record, keeps);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.pending()).toEqual([]);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it.each(records)('%i: undo without going on leaves nothing', async (record) => {
    const { world, before } = await killedUp(record, keeps);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it.each(records)('%i of an undo: a second undo leaves nothing', async (record) => {
    const world = await prepared();
    const before = world.snapshot();
    expect(await world.up()).toMatchObject({ code: 0 });
    world.journal.crashAt(record, keeps);
    await world.undo().catch(() => undefined);
    world.journal.revive();
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });
});

it('is killed at every record that a run writes', async () => {
  const { finished } = await killedUp(records.length, true);
  expect(finished).toBe(true);
});
