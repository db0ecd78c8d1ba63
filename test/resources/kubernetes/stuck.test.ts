import { describe, expect, it } from 'vitest';
import { FakeKube } from '../../../src/connect/fake/kube.ts';
import { objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import { blockersOf } from '../../../src/resources/kubernetes/stuck.ts';

const settings: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
const shop: ObjectRef = { apiVersion: 'v1', kind: 'Namespace', name: 'shop' };

async function going(kube: FakeKube, ref: ObjectRef): Promise<KubeObject> {
  const now = await kube.get(ref);
  await kube.remove(ref, now?.metadata.uid ?? '');
  const left = await kube.get(ref);
  if (!left) throw new Error('gone');
  return left;
}

function held(): FakeKube {
  const kube = new FakeKube();
  kube.edit(shop, 'admin', (object) => object);
  kube.edit(settings, 'admin', (object) => {
    objectAt(object, 'metadata').finalizers = ['example.com/keep'];
    return object;
  });
  return kube;
}

describe('a deletion that does not end', () => {
  it('is blamed on the finalizer', async () => {
    const kube = held();
    expect(await blockersOf(await going(kube, settings), kube)).toEqual(['finalizer example.com/keep holds it']);
  });

  it('of a namespace is blamed on the object in it that has the finalizer', async () => {
    const kube = held();
    expect(await blockersOf(await going(kube, shop), kube)).toContain(
      'finalizer example.com/keep holds ConfigMap shop/settings',
    );
  });
});
