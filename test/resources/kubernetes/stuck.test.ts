import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeKube } from '../../../src/connect/fake/kube.ts';
import { objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import { removeObject } from '../../../src/resources/kubernetes/remove.ts';
import { blockersOf } from '../../../src/resources/kubernetes/stuck.ts';

// Nobody waits two minutes for a test: each pause moves the clock.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => Promise.resolve(vi.setSystemTime(Date.now() + ms)),
}));

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

  describe('is waited for', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('as long as the run is patient; meanwhile it says what holds it, and then why it gave up', async () => {
      const kube = held();
      const live = await kube.get(settings);
      if (!live) throw new Error('gone');
      const heard: string[] = [];
      const patience = { within: 25_000, waiting: (on: string) => heard.push(on) };
      const began = Date.now();
      const given = removeObject(settings, live, kube, patience).catch((error: Error) => error.message);
      expect(await given).toMatch(
        /ConfigMap shop\/settings is still being deleted after 25 s: finalizer example.com\/keep holds it/,
      );
      expect(Date.now() - began).toBe(25_000);
      expect(heard).toEqual(Array(2).fill('finalizer example.com/keep holds it'));
    });

    it('two minutes where nobody says how long', async () => {
      const kube = held();
      const live = await kube.get(settings);
      if (!live) throw new Error('gone');
      const given = removeObject(settings, live, kube).catch((error: Error) => error.message);
      expect(await given).toContain('after 120 s');
    });
  });
});
