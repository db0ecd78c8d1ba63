import { expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { permissions } from '../../src/resources/host/tree/permissions.ts';
import { purge } from '../../src/resources/host/tree/purge.ts';
import { World } from '../rig/world.ts';

const folder = '/srv/many';
const types = {
  purge: () => ({ all: purge({ path: folder }) }),
  permissions: () => ({ all: permissions({ path: folder, owner: 'daemon', fileMode: '0600' }) }),
} as const;

function worldOf(type: keyof typeof types, files: number): World {
  const all = step({ summary: 'All of it', on: 'hosts', undo: restore, resources: types[type] });
  const world = new World({ 'demo/10_all': all });
  for (let at = 0; at < files; at += 1) {
    const inside = `${folder}/d${at % 100}`;
    if (at < 100) world.host.files.makeDirectories(inside);
    const content = Buffer.from(`${at}`);
    world.host.files.set(`${inside}/f${at}`, { kind: 'file', content, mode: '0644', owner: 'root', group: 'root' });
  }
  return world;
}

/** Seconds of the processor for plan, run, second run and undo. */
async function cost(type: keyof typeof types, files: number): Promise<number> {
  const world = worldOf(type, files);
  const before = world.host.snapshot();
  const start = process.cpuUsage();
  expect(await world.pending()).not.toEqual([]);
  expect(await world.up()).toMatchObject({ code: 0 });
  expect(await world.up()).toMatchObject({ code: 0 });
  expect(await world.undo()).toMatchObject({ code: 0 });
  const { user, system } = process.cpuUsage(start);
  expect(world.host.snapshot()).toEqual(before);
  return (user + system) / 1e6;
}

// What grows with the square of them would cost a hundred times as much.
it.each(['purge', 'permissions'] as const)(
  'ten times as many files in a directory make its %s cost no more than thirty times as much',
  async (type) => {
    await cost(type, 1_000);
    const small = await cost(type, 1_000);
    const large = await cost(type, 10_000);
    expect(large).toBeLessThan(30 * small);
  },
);
