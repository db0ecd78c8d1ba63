import { expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { file } from '../../src/resources/host/file.ts';
import { World } from '../rig/world.ts';

const fileAt = (path: string) =>
  step({
    summary: path,
    on: 'hosts',
    undo: restore,
    resources: () => ({ file: file({ path, content: 'x', mode: '0644', owner: 'root', group: 'root' }) }),
  });

it('takes steps back in the order of the playbook, also where an early step was made anew late', async () => {
  const world = new World({ 'demo/10_first': fileAt('/etc/first'), 'demo/20_second': fileAt('/etc/second') });
  await world.up();
  await world.up();
  world.host.files.remove('/etc/first');
  await world.up();
  const { plan } = await world.planUndo();
  expect(plan.steps.map(({ id }) => id)).toEqual(['demo/20_second', 'demo/10_first']);
});
