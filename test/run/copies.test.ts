import { describe, expect, it } from 'vitest';
import { ownerMark } from '../../src/cli/sweep.ts';
import type { ObjectRef } from '../../src/model/kube.ts';
import { restore, step } from '../../src/model/step.ts';
import { findLeftovers } from '../../src/plan/undo/leftovers.ts';
import { World } from '../rig/world.ts';
import { configMap, objectsIn } from './things.ts';

const refOf = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'demo', name });

/** `kubectl get -o yaml`, another name, `kubectl apply`: all of our labels and annotations are in the copy. */
async function copied(world: World): Promise<void> {
  const { labels = {}, annotations = {} } = (await world.kube.get(refOf('first')))?.metadata ?? {};
  world.kube.edit(refOf('copy'), 'kubectl', (object) => ({
    ...object,
    metadata: { name: 'copy', namespace: 'demo', labels: { ...labels }, annotations: { ...annotations } },
    data: { key: 'theirs' },
  }));
}

describe('a copy of ours that somebody made by hand, with all our marks', () => {
  it('keeps its namespace from being removed unasked', async () => {
    const world = new World({ 'demo/10_objects': objectsIn('demo', {}) });
    await world.up();
    await copied(world);
    const { plan } = await world.planUndo();
    const around = plan.steps.flatMap(({ changes }) => changes).find(({ title }) => title === 'Namespace demo');
    expect(around?.loss).toMatchObject({ is: 'data', why: expect.stringContaining('ConfigMap copy') });
  });

  it('is no leftover to sweep; what we made and the journal lost is', async () => {
    const world = new World({ 'demo/10_objects': objectsIn('demo', {}) });
    await world.up();
    await copied(world);
    const found = await findLeftovers(world.kube, ownerMark, {
      target: 'cluster:kit/1',
      playbook: 'playbooks/demo.yaml',
      runs: new Set(['r1']),
      known: new Set(['Namespace/demo', 'ConfigMap/demo/second']),
      step: 'demo/89_rollback',
    });
    expect(found.map(({ title }) => title)).toEqual(['ConfigMap demo/first']);
  });

  it('is somebody else’s where a step declares it: nothing of it is called drift', async () => {
    const world = new World({ 'demo/10_objects': objectsIn('demo', {}) });
    await world.up();
    await copied(world);
    const declaring = step({
      summary: 'Wants the copy',
      on: 'cluster',
      undo: restore,
      resources: () => ({ copy: configMap('demo', 'copy', { key: 'value' }) }),
    });
    const other = new World({ 'demo/10_copy': declaring }, world);
    const [line] = (await other.plan()).steps.flatMap(({ changes }) => changes);
    expect(line).toMatchObject({ verb: 'foreign', foreign: [{ path: 'data.key', owner: 'kubectl' }] });
  });
});
