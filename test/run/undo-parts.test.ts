import { describe, expect, it } from 'vitest';
import { type Resources, restore, step } from '../../src/model/step.ts';
import { block } from '../../src/resources/host/content/block.ts';
import { iniValue } from '../../src/resources/host/content/value/value.ts';
import { World } from '../rig/world.ts';

const path = '/etc/tool.conf';
const file = { kind: 'file', mode: '0644', owner: 'root', group: 'root' } as const;

function declaring(resources: Resources): World {
  return new World({
    'demo/10_part': step({ summary: 'Part', on: 'hosts', undo: restore, resources: () => resources }),
  });
}

describe('undo of a part of a file', () => {
  it('has nothing to do where somebody removed the file with all that was in it', async () => {
    const world = declaring({ ours: block({ path, name: 'ours', content: 'a' }) });
    world.host.files.set(path, { ...file, content: Buffer.from('theirs\n') });
    await world.up();
    world.host.files.remove(path);
    expect((await world.planUndo()).plan.steps[0]?.changes[0]).toMatchObject({
      verb: 'unchanged',
      why: 'gone already',
    });
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.host.files.get(path)).toBeUndefined();
  });

  it('has nothing to do where somebody took the part out of a file that was made for it', async () => {
    const world = declaring({ ours: block({ path, name: 'ours', content: 'a' }) });
    await world.up();
    world.host.files.set(path, { ...file, content: Buffer.from('theirs\n') });
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(Buffer.from(world.host.files.content(path) ?? []).toString()).toBe('theirs\n');
  });

  it('leaves no file that two parts were made in', async () => {
    const value = (key: string) => iniValue({ path, at: ['global', key], value: 'v' });
    const world = declaring({ one: value('one'), two: value('two') });
    const before = world.snapshot();
    await world.up();
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });
});
