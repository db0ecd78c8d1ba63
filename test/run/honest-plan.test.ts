import { expect, it } from 'vitest';
import type { Resources, Step } from '../../src/model/step.ts';
import { restore, step } from '../../src/model/step.ts';
import { directory } from '../../src/resources/host/directory.ts';
import { file } from '../../src/resources/host/file.ts';
import { existing } from '../../src/resources/kubernetes/kinds/existing.ts';
import { World } from '../rig/world.ts';
import { configMap } from './things.ts';

const stepOf = (resources: () => Resources): Step => step({ summary: 'x', on: 'hosts', undo: restore, resources });

async function problemsOf(world: World): Promise<readonly (string | undefined)[]> {
  const { steps } = await world.plan();
  return steps.flatMap(({ changes }) => changes.map(({ problem }) => problem?.summary));
}

const put = (world: World, path: string): void =>
  world.host.files.set(path, {
    kind: 'file',
    mode: '0644',
    owner: 'root',
    group: 'root',
    content: Buffer.from('theirs\n'),
  });

it('a file that must not be there is removed once, comes back with undo, and is no change where it never was', async () => {
  const world = new World({ 'demo/10_gone': stepOf(() => ({ gone: file({ path: '/etc/old', absent: true }) })) });
  expect(await world.pending()).toEqual([]);
  put(world, '/etc/old');
  const before = world.snapshot();
  expect(await world.pending()).toEqual(['remove file /etc/old']);
  expect(await world.up()).toMatchObject({ code: 0 });
  expect(world.outcomes()).toEqual(['removed file /etc/old']);
  expect(await world.pending()).toEqual([]);
  await world.undo();
  expect(world.snapshot()).toEqual(before);
});

it('what stands in the way is told by the plan, not in the middle of the run', async () => {
  const world = new World({ 'demo/10_folder': stepOf(() => ({ folder: directory({ path: '/etc/app' }) })) });
  put(world, '/etc/app');
  expect(await problemsOf(world)).toEqual(['directory /etc/app: a file is in its place']);
});

it('what is made from something that is skipped is refused', async () => {
  const world = new World({
    'demo/10_maps': stepOf(() => {
      const one = configMap('default', 'one', { key: 'value' }, { when: false });
      return { one, two: configMap('default', 'two', { key: one.out.uid }) };
    }),
  });
  expect(await problemsOf(world)).toEqual([
    undefined,
    'ConfigMap default/two is made from ConfigMap default/one, which is skipped',
  ]);
});

it('what is skipped makes nothing for a later step to read', async () => {
  const world = new World({
    'demo/10_map': stepOf(() => ({ one: configMap('default', 'one', { key: 'value' }, { when: false }) })),
    'demo/20_reads': stepOf(() => ({
      one: existing.object({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'one' }),
    })),
  });
  expect(await problemsOf(world)).toEqual([
    undefined,
    'ConfigMap default/one does not exist, and no earlier step makes it',
  ]);
});
