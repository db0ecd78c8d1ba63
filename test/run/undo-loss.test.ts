import { expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { object } from '../../src/resources/kubernetes/object.ts';
import { World } from '../rig/world.ts';

const claim = object({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { namespace: 'demo', name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});
const steps = {
  'demo/10_namespace': step({
    summary: 'A namespace',
    on: 'cluster',
    undo: restore,
    resources: () => ({ namespace: object({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } }) }),
  }),
  'demo/20_storage': step({ summary: 'A claim', on: 'cluster', undo: restore, resources: () => ({ claim }) }),
};

async function undoPlanOf(world: World): Promise<readonly (readonly [string, string])[]> {
  world.kube.edit(
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'demo', name: 'data' },
    'kube-controller-manager',
    (found) => ({ ...found, status: { phase: 'Bound', capacity: { storage: '1Gi' } } }),
    'status',
  );
  const { plan } = await world.planUndo();
  return plan.steps.flatMap(({ changes }) => changes.map(({ title, loss }) => [title, loss.is] as const));
}

it('asks about a claim, and not again about the namespace that goes with it', async () => {
  const world = new World(steps);
  await world.up();
  expect(await undoPlanOf(world)).toEqual([
    ['PersistentVolumeClaim demo/data', 'data'],
    ['Namespace demo', 'none'],
  ]);
});

it('asks about a namespace that also holds what is somebody else’s', async () => {
  const world = new World(steps);
  await world.up();
  await world.kube.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'demo', name: 'theirs' },
    data: {},
  });
  expect(await undoPlanOf(world)).toEqual([
    ['PersistentVolumeClaim demo/data', 'data'],
    ['Namespace demo', 'data'],
  ]);
});
