import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCluster, openCluster } from '../../../src/connect/kubernetes/open.ts';
import type { ObjectRef } from '../../../src/model/kube.ts';
import { objectType } from '../../../src/resources/kubernetes/object.ts';
import { blockersOf } from '../../../src/resources/kubernetes/stuck.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';

const why = whyNoApiServer();
const keep = { finalizers: ['example.com/keep'] };

describe.skipIf(why !== null)(why ?? 'a deletion that does not end on a real API server', () => {
  let rig: ApiServer;
  let cluster: OpenCluster;

  beforeAll(async () => {
    rig = await startApiServer();
    cluster = await openCluster(rig);
  }, rigTimeout);
  afterAll(async () => {
    cluster.close();
    await rig.stop();
  });

  async function make(object: object): Promise<void> {
    const made = object as Parameters<OpenCluster['writer']['create']>[0];
    expect((await cluster.writer.create(made)).is).toBe('written');
  }

  /** Asks for the deletion and waits until what blocks it is known as it should be. */
  async function blockersOnceDeleted(ref: ObjectRef, expected: string): Promise<readonly string[]> {
    const { metadata } = (await cluster.reader.get(ref)) ?? {};
    await cluster.writer.remove(ref, metadata?.uid ?? '');
    for (const end = Date.now() + 100_000; ; await sleep(300)) {
      const now = await cluster.reader.get(ref);
      if (!now) throw new Error(`${ref.name} is gone`);
      const found = await blockersOf(now, cluster.reader);
      if (found.some((line) => line.includes(expected)) || Date.now() > end) return found;
    }
  }

  it('names the finalizers of objects under a definition', async () => {
    const names = { kind: 'Stone', plural: 'stones' };
    const schema = { openAPIV3Schema: { type: 'object' } };
    await make({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'stones.cairn.test' },
      spec: {
        group: 'cairn.test',
        scope: 'Namespaced',
        names,
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    await make({
      apiVersion: 'cairn.test/v1',
      kind: 'Stone',
      metadata: { namespace: 'default', name: 'heavy', ...keep },
    });
    const ref = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'stones.cairn.test' };
    const [first] = await blockersOnceDeleted(ref, 'Stone');
    expect(first).toBe('finalizer example.com/keep holds Stone default/heavy');
  });

  it('names the dependant that a deletion in the foreground waits for', async () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'owner' };
    await make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'owner' } });
    const uid = (await cluster.reader.get(owner))?.metadata.uid;
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid, blockOwnerDeletion: true };
    await make({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'default', name: 'dependant', ...keep, ownerReferences: [reference] },
    });
    const found = await blockersOnceDeleted(owner, 'dependant');
    expect(found).toEqual(['finalizer example.com/keep holds Secret default/dependant']);
  });

  it('is given up when the time of the run is over, with its finalizer named', async () => {
    const stone = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'stone' };
    await make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'stone', ...keep } });
    const live = await cluster.reader.get(stone);
    if (!live) throw new Error('gone');
    const patience = { within: 1_500, waiting: () => {} };
    const given = objectType.restore({ id: stone, before: null, live: { object: live }, patience }, cluster.writer);
    await expect(given).rejects.toThrow('after 2 s: finalizer example.com/keep holds it');
    expect((await cluster.reader.get(stone))?.metadata.finalizers).toContain('example.com/keep');
  });

  // Last: while one API service is dead, the collector of garbage is slower for everybody.
  it('names the API service without which a namespace can not be emptied', async () => {
    await make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shut' } });
    await make({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.dead.example' },
      spec: {
        group: 'dead.example',
        version: 'v1',
        service: { namespace: 'default', name: 'nobody' },
        groupPriorityMinimum: 1000,
        versionPriority: 10,
        insecureSkipTLSVerify: true,
      },
    });
    const found = await blockersOnceDeleted({ apiVersion: 'v1', kind: 'Namespace', name: 'shut' }, 'APIService');
    expect(found[0]).toMatch(/^APIService v1\.dead\.example does not answer: \w+: /);
    expect(found.join('\n')).toContain('NamespaceDeletionDiscoveryFailure: ');
  });
});
