import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/model/kube.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { existing } from '../../src/resources/kubernetes/kinds/existing.ts';
import { action } from '../../src/resources/world/action.ts';
import { World } from '../rig/world.ts';
import { configMap } from './things.ts';

const box: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'box' };

/** A box, and a switch inside it that needs a way to be reached. */
class Lab {
  isReached = true;
  isOn = false;
  readonly calls: string[] = [];

  readonly steps: Readonly<Record<string, Step>> = {
    'demo/10_box': step({
      summary: 'A box',
      on: 'cluster',
      undo: restore,
      resources: () => ({ box: configMap('default', 'box', { key: 'ours' }) }),
    }),
    'demo/20_switch': step({
      summary: 'A switch inside',
      on: 'cluster',
      undo: restore,
      resources: () => ({ switch: this.#switch() }),
    }),
  };

  #switch() {
    return action<{ on: boolean }>(
      {
        id: 'switch',
        want: { on: true },
        read: () => Promise.resolve(this.#reach('read') && this.isOn ? { on: true } : null),
        run: async () => {
          this.isOn = this.#reach('run');
        },
        undo: async () => {
          this.isOn = !this.#reach('undo');
        },
      },
      { inside: existing.object(box) },
    );
  }

  #reach(what: string): boolean {
    this.calls.push(what);
    if (!this.isReached) throw new Error('nobody answers');
    return true;
  }
}

async function lines(world: World, run?: string): Promise<readonly string[]> {
  const { plan } = await world.planUndo({}, run);
  return plan.steps.flatMap(({ changes }) => changes.map(({ verb, title, why }) => `${verb} ${title}: ${why}`));
}

describe('an action that says what it lives in', () => {
  it('goes with it, and is neither asked nor run', async () => {
    const lab = new Lab();
    const world = new World(lab.steps);
    const before = world.snapshot();
    expect(await world.up()).toMatchObject({ code: 0 });
    lab.isReached = false;
    lab.calls.length = 0;
    expect(await lines(world)).toEqual([
      'remove ConfigMap default/box: created by run r1',
      'remove switch: goes with ConfigMap default/box',
    ]);
    expect(await world.undo()).toMatchObject({ code: 0, recap: [{ counts: { removed: 2 } }] });
    expect(lab.calls).toEqual([]);
    expect(world.snapshot()).toEqual(before);
    expect(await lines(world)).toEqual([]);
  });

  it('goes with it also where no step declares it any more', async () => {
    const lab = new Lab();
    const world = new World(lab.steps);
    await world.up();
    world.useSteps({
      'demo/30_other': step({
        summary: 'Another box',
        on: 'cluster',
        undo: restore,
        resources: () => ({ other: configMap('default', 'other', { key: 'ours' }) }),
      }),
    });
    expect(
      (await world.plan()).steps.flatMap(({ changes }) => changes.map(({ verb, title }) => `${verb} ${title}`)),
    ).toEqual(['create ConfigMap default/other', 'remove ConfigMap default/box', 'remove switch']);
  });

  it('is taken back by itself where what it lives in stays', async () => {
    const lab = new Lab();
    const world = new World(lab.steps);
    world.kube.edit(box, 'kubectl', (object) => ({ ...object, data: { other: 'theirs' } }));
    await world.up();
    expect(await lines(world)).toEqual([
      'remove switch: created by run r1',
      'update ConfigMap default/box: given back',
    ]);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(lab.isOn).toBe(false);
  });

  it('is in nobody’s way where no step declares it any more and what it lives in stays', async () => {
    const lab = new Lab();
    const world = new World(lab.steps);
    world.kube.edit(box, 'kubectl', (object) => ({ ...object, data: { other: 'theirs' } }));
    await world.up();
    const { 'demo/20_switch': _, ...others } = lab.steps;
    const empty = step({ summary: 'No switch', on: 'cluster', undo: restore, resources: () => ({}) });
    world.useSteps({ ...others, 'demo/20_switch': empty });
    expect((await world.plan()).steps.flatMap(({ changes }) => changes.map(({ title }) => title))).toEqual([
      'ConfigMap default/box',
    ]);
    expect(await lines(world)).toEqual([
      'kept switch: demo/20_switch no longer declares it; it goes with ConfigMap/default/box',
      'update ConfigMap default/box: given back',
    ]);
    expect(await world.undo()).toMatchObject({ code: 0 });
  });
});
