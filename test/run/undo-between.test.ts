import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/model/kube.ts';
import type { PlannedChange } from '../../src/model/plan.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { deployment } from '../../src/resources/kubernetes/kinds/built-in.ts';
import { World } from '../rig/world.ts';
import { configMap, rootFile } from './things.ts';

const ref: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' };

function declaring(now: () => ReturnType<Step['resources']>): World {
  return new World({ 'demo/10_one': step({ summary: 'One', on: 'hosts', undo: restore, resources: now }) });
}

async function undoLine(world: World): Promise<PlannedChange | undefined> {
  return (await world.planUndo()).plan.steps[0]?.changes[0];
}

describe('what others changed between two runs', () => {
  const put = (world: World, data: Readonly<Record<string, string>>): void => {
    world.kube.edit(ref, 'kubectl-edit', (object) => ({ ...object, data }));
  };

  it('is not lost: undo names it and refuses, unless it is forced', async () => {
    let mode = 'fast';
    const world = declaring(() => ({ settings: configMap('default', 'settings', { mode }) }));
    put(world, { other: 'theirs' });
    const before = world.snapshot();
    await world.up();
    put(world, { other: 'theirs', mode, extra: 'theirs, too' });
    mode = 'faster';
    await world.up();
    expect(await undoLine(world)).toMatchObject({
      verb: 'refused',
      fields: [{ path: 'data.extra' }],
      problem: { code: 'changed-after-us' },
    });
    expect(await world.undo({ force: true })).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it('is nothing to ask about where the later run took it back', async () => {
    let mode = 'fast';
    const world = declaring(() => ({ settings: configMap('default', 'settings', { mode }) }));
    put(world, { other: 'theirs' });
    const before = world.snapshot();
    await world.up();
    put(world, { other: 'theirs', mode: 'slow' });
    mode = 'faster';
    await world.up();
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it('is seen on hosts, too', async () => {
    let content = 'one\n';
    const world = declaring(() => ({ file: rootFile('/etc/web', content) }));
    world.host.files.makeDirectories('/etc');
    const file = { kind: 'file', mode: '0644', owner: 'root', group: 'root' } as const;
    world.host.files.set('/etc/web', { ...file, content: Buffer.from('theirs\n') });
    const before = world.snapshot();
    await world.up();
    world.host.files.set('/etc/web', { ...file, content: Buffer.from('theirs again\n') });
    content = 'two\n';
    await world.up();
    // Its content was ours to write, and the later run's plan said what it overwrites.
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });
});

describe('what was dropped, made anew by somebody else and then adopted', () => {
  it('is given back to them, and not removed', async () => {
    let isDeclared = true;
    const world = declaring(() => (isDeclared ? { settings: configMap('default', 'settings', { mode: 'fast' }) } : {}));
    await world.up();
    isDeclared = false;
    await world.up();
    expect(await world.kube.get(ref)).toBeNull();
    world.kube.edit(ref, 'kubectl', (object) => ({ ...object, data: { other: 'theirs' } }));
    const before = world.snapshot();
    isDeclared = true;
    await world.up();
    expect(await undoLine(world)).toMatchObject({ verb: 'update' });
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });
});

it('what an autoscaler took since is no reason to keep what we made', async () => {
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  const world = declaring(() => ({ web: deployment({ namespace: 'default', name: 'web', spec }) }));
  const before = world.snapshot();
  await world.up();
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
  world.kube.edit(web, 'hpa', (object) => ({ ...object, spec: { ...(object.spec as object), replicas: 4 } }), 'scale');
  expect(await undoLine(world)).toMatchObject({ verb: 'remove' });
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect(world.snapshot()).toEqual(before);
});
