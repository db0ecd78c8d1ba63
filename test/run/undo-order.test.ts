import { expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { file } from '../../src/resources/host/file.ts';
import { World } from '../rig/world.ts';

const fileAt = (path: string, isWanted: () => boolean) =>
  step({
    summary: path,
    on: 'hosts',
    undo: restore,
    resources: () => ({
      file: file({ path, content: 'x', mode: '0644', owner: 'root', group: 'root' }, { when: isWanted() }),
    }),
  });

it('takes steps back in the order of the playbook, also where an early step was made late', async () => {
  let isFirstWanted = false;
  const world = new World({
    'demo/10_first': fileAt('/etc/first', () => isFirstWanted),
    'demo/20_second': fileAt('/etc/second', () => true),
  });
  await world.up();
  isFirstWanted = true;
  await world.up();
  const { plan } = await world.planUndo();
  expect(plan.steps.map(({ id }) => id)).toEqual(['demo/20_second', 'demo/10_first']);
});
