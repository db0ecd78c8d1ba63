import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { KubeObject } from '../../src/model/kube.ts';
import { readiness } from '../../src/resources/kubernetes/ready/readiness.ts';
import { blockersOf } from '../../src/resources/kubernetes/stuck.ts';
import { realServer } from '../contract/kubernetes/real-server.ts';
import type { KubeWorld } from '../contract/kubernetes/world.ts';
import { peerOn } from './project.ts';
import { onApiServer } from './rig.ts';

const labels = { app: 'web' };
const template = {
  metadata: { labels },
  spec: { containers: [{ name: 'main', image: 'peers.test/missing:9' }] },
};

interface Made {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [more: string]: unknown };
  readonly spec: object;
  readonly status?: object;
}

onApiServer('what users of other tools complain of: waiting', ({ server, complaint }) => {
  let world: KubeWorld;
  beforeEach(async () => {
    world = await realServer(server).open();
  });
  afterEach(async () => await world.close());

  // There is no node: the test writes the status that kubelet and controllers would.
  async function put({ status, ...object }: Made): Promise<KubeObject> {
    const { namespace, writer, reader } = world;
    const made = await writer.create({ ...object, metadata: { namespace, ...object.metadata } } as KubeObject);
    if (made.is !== 'written' || !made.object) throw new Error(`${object.kind}: ${made.is}`);
    const { name } = made.object.metadata;
    if (status !== undefined) {
      const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
      await server().kubectl(['patch', '-n', namespace, object.kind, name, ...patch]);
    }
    const found = await reader.get({ apiVersion: object.apiVersion, kind: object.kind, namespace, name });
    if (!found) throw new Error(`${name} is gone`);
    return found;
  }

  const deployment = (status: object): Promise<KubeObject> =>
    put({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', annotations: { 'deployment.kubernetes.io/revision': '1' } },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
      status,
    });

  complaint('kubernetes/kubectl#962', async () => {
    const conditions = [{ type: 'Available', status: 'True' }];
    const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, conditions };
    const web = await deployment({ observedGeneration: 1, ...counts });
    expect(await readiness(web, world.reader, {})).toEqual({ is: 'ready' });
    await server().kubectl(['scale', '-n', world.namespace, 'deployment', 'web', '--replicas=0']);
    await server().kubectl(['scale', '-n', world.namespace, 'deployment', 'web', '--replicas=1']);
    const changed = await world.reader.get({ ...web, name: 'web', namespace: world.namespace });
    expect(changed?.metadata.generation).toBe(3);
    expect(await readiness(changed as KubeObject, world.reader, {})).toMatchObject({ is: 'waiting' });
  });

  complaint('kubernetes/kubernetes#18568', async () => {
    const web = await deployment({ observedGeneration: 1, replicas: 1, updatedReplicas: 1, unavailableReplicas: 1 });
    const owner = ({ apiVersion, kind, metadata: { name, uid } }: KubeObject) => [
      { apiVersion, kind, name, uid, controller: true },
    ];
    const set = await put({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: 'web-1',
        labels,
        ownerReferences: owner(web),
        annotations: { 'deployment.kubernetes.io/revision': '1' },
      },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    });
    const message = 'Back-off pulling image "peers.test/missing:9": manifest unknown';
    await put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-1-x', labels, ownerReferences: owner(set) },
      spec: template.spec,
      status: {
        phase: 'Pending',
        containerStatuses: [
          {
            name: 'main',
            image: 'peers.test/missing:9',
            imageID: '',
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: 'ImagePullBackOff', message } },
          },
        ],
      },
    });
    const found = await readiness(web, world.reader, {});
    expect(found).toMatchObject({ is: 'failed' });
    expect(JSON.stringify(found)).toContain('peers.test/missing:9');
    expect(JSON.stringify(found)).toContain('manifest unknown');
  });

  complaint('helm/helm#10196', async () => {
    const storageClassName = `late-${world.namespace}`;
    const late = { provisioner: 'peers.test/none', volumeBindingMode: 'WaitForFirstConsumer' };
    const file = join(peerOn(server()).root, 'class.json');
    const kind = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' };
    writeFileSync(file, JSON.stringify({ ...kind, metadata: { name: storageClassName }, ...late }));
    await server().kubectl(['create', '-f', file]);
    const claim = await put({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      status: { phase: 'Pending' },
    });
    expect(await readiness(claim, world.reader, {})).toEqual({ is: 'ready' });
    await server().kubectl(['delete', 'storageclass', storageClassName]);
  });

  complaint('hashicorp/terraform-provider-kubernetes#335', async () => {
    const finalizers = ['peers.test/never'];
    await put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers }, spec: {} });
    await server().kubectl(['delete', 'namespace', world.namespace, '--wait=false']);
    const space = { apiVersion: 'v1', kind: 'Namespace', name: world.namespace };
    const blockers = async (): Promise<readonly string[]> =>
      await blockersOf((await world.reader.get(space)) as KubeObject, world.reader);
    await expect
      .poll(blockers, { interval: 500 })
      .toContain(`finalizer peers.test/never holds ConfigMap ${world.namespace}/held`);
    const held = ['-n', world.namespace, 'configmap', 'held'];
    const live = JSON.parse(await server().kubectl(['get', ...held, '-o', 'json']));
    expect(live.metadata.finalizers).toEqual(finalizers);
    await server().kubectl(['patch', ...held, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
  });
});
