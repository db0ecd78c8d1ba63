import { describe, expect, it } from 'vitest';
import { FakeKube } from '../../../src/connect/fake/kube.ts';
import type { KubeObject } from '../../../src/model/kube.ts';
import { restore, step } from '../../../src/model/step.ts';
import { argo } from '../../../src/sdk.ts';
import { argoDefinitions } from '../../rig/argo.ts';
import { World } from '../../rig/world.ts';

const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'shop' };

const declared = step({
  summary: 'An Application',
  on: 'cluster',
  undo: restore,
  resources: () => ({
    shop: argo.application({
      namespace: 'argocd',
      name: 'shop',
      spec: {
        project: 'default',
        source: { repoURL: 'git@git.example:acme/shop.git', path: 'web', targetRevision: 'main' },
      },
    }),
  }),
});

async function installed(): Promise<{ readonly kube: FakeKube; readonly world: World }> {
  const kube = new FakeKube();
  for (const definition of argoDefinitions) kube.applyAs('kubectl', definition);
  kube.edit({ apiVersion: 'v1', kind: 'Namespace', name: 'argocd' }, 'kubectl', (object) => object);
  const world = new World({ 'shop/10_argo': declared }, { cluster: { reader: kube, writer: kube } });
  expect((await world.up()).failure?.causes ?? []).toEqual([]);
  return { kube, world };
}

const edits: Readonly<Record<string, object>> = {
  'is at a sync that fails again and again': { operation: { sync: { revision: 'abc' } } },
  'was never valid, so that nothing was deployed': {
    status: { conditions: [{ type: 'InvalidSpecError', message: 'project nobody does not exist' }] },
  },
};

describe('an Application that Argo CD would not let go', () => {
  it.each(Object.entries(edits))('goes with undo, though it %s', async (_, edit) => {
    const { kube, world } = await installed();
    kube.edit(ref, 'argocd-application-controller', (object) => ({ ...object, ...edit }));
    expect((await world.undo()).failure?.causes ?? []).toEqual([]);
    expect(await kube.get(ref)).toBeNull();
  });

  it('keeps what somebody else changed, and undo names it', async () => {
    const { kube, world } = await installed();
    kube.edit(ref, 'somebody', (object) => ({ ...object, spec: { project: 'theirs' }, operation: { sync: {} } }));
    expect((await world.undo()).code).not.toBe(0);
    expect((await kube.get(ref)) as KubeObject).toMatchObject({ operation: { sync: {} } });
  });
});
