import { beforeEach, describe, expect, it } from 'vitest';
import { FakeKube } from '../../../src/connect/fake/kube.ts';
import type { Behaviour } from '../../../src/connect/fake/kube-controllers.ts';
import { type Mutable, objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { ObjectRef } from '../../../src/model/kube.ts';
import type { Readiness } from '../../../src/model/resource.ts';
import { jobType } from '../../../src/resources/kubernetes/kinds/job.ts';
import { objectType } from '../../../src/resources/kubernetes/object.ts';

const namespace = 'default';
const pods = { containers: [{ name: 'main', image: 'registry/app:nope' }] };
const template = { metadata: { labels: { app: 'a' } }, spec: pods };
const spec = { selector: { matchLabels: { app: 'a' } }, template };

describe('readiness', () => {
  let kube: FakeKube;

  beforeEach(() => {
    kube = new FakeKube();
  });

  const ref = (apiVersion: string, kind: string): ObjectRef => ({ apiVersion, kind, namespace, name: 'app' });
  const make = async (
    id: ObjectRef,
    want: Readonly<Record<string, unknown>>,
    behaviour: Behaviour,
  ): Promise<Readiness> => {
    kube.behave(id, behaviour);
    await objectType.write({ id, want, live: null, options: {} }, kube);
    return look(id);
  };
  const look = async (id: ObjectRef): Promise<Readiness> => {
    const reading = await objectType.read(id, kube);
    if (reading.is !== 'present') throw new Error(reading.is);
    return (await objectType.ready?.(id, reading.live, kube)) ?? { is: 'ready' };
  };

  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet']) {
    it(`is there for a ${kind} whose pods are`, async () => {
      expect(await make(ref('apps/v1', kind), { spec }, { is: 'ready' })).toEqual({ is: 'ready' });
    });

    it(`waits for a ${kind} while nothing happens`, async () => {
      expect((await make(ref('apps/v1', kind), { spec }, { is: 'idle' })).is).toBe('waiting');
    });

    it(`fails with the image that a ${kind} can't have`, async () => {
      const said = 'manifest unknown: manifest tagged by nope is not found';
      const readiness = await make(ref('apps/v1', kind), { spec }, { is: 'no-image', message: said });
      expect(readiness).toMatchObject({
        is: 'failed',
        why: {
          code: 'image-pull',
          summary: expect.stringContaining('registry/app:nope'),
          detail: [expect.stringContaining(said)],
        },
      });
    });

    it(`fails with the last lines of a ${kind} that crashes`, async () => {
      const readiness = await make(ref('apps/v1', kind), { spec }, { is: 'crash', log: ['no password'], exitCode: 3 });
      expect(readiness).toMatchObject({
        is: 'failed',
        why: { code: 'crash-loop', summary: expect.stringContaining('exit code 3'), detail: ['no password'] },
      });
    });

    it(`fails with why a pod of a ${kind} fits nowhere`, async () => {
      const readiness = await make(
        ref('apps/v1', kind),
        { spec },
        { is: 'unschedulable', message: 'Insufficient memory' },
      );
      expect(readiness).toMatchObject({
        is: 'failed',
        why: { code: 'unschedulable', summary: expect.stringContaining('Insufficient memory') },
      });
    });
  }

  it('waits until the controller has seen the newest form', async () => {
    const id = ref('apps/v1', 'Deployment');
    await make(id, { spec }, { is: 'ready' });
    const reading = await objectType.read(id, kube);
    if (reading.is !== 'present') throw new Error(reading.is);
    const { object } = reading.live;
    const newer = { object: { ...object, metadata: { ...object.metadata, generation: 99 } } };
    expect(await objectType.ready?.(id, newer, kube)).toMatchObject({ is: 'waiting' });
  });

  it('shows the log of a job that failed, and runs it again', async () => {
    const id = ref('batch/v1', 'Job');
    const want = { spec: { template: { spec: pods } } };
    kube.behave(id, { is: 'crash', log: ['it began', 'it broke', ''] });
    await jobType.write({ id, want, live: null, options: {} }, kube);
    const reading = await jobType.read(id, kube);
    if (reading.is !== 'present') throw new Error(reading.is);
    expect(await jobType.ready?.(id, reading.live, kube)).toMatchObject({
      is: 'failed',
      why: {
        code: 'job-failed',
        summary: 'it broke',
        detail: [expect.stringMatching(/^Job default\/app failed: /), 'it began'],
      },
    });
    expect(jobType.diff(reading.live, want).changes).toMatchObject([
      { path: 'status', how: 'restart', before: 'failed' },
    ]);
    kube.behave(id, { is: 'ready' });
    const written = await jobType.write({ id, want, live: reading.live, options: {} }, kube);
    if (written.is !== 'written' || !written.live) throw new Error('not run again');
    expect(written.live.object.metadata.uid).not.toBe(reading.live.object.metadata.uid);
    expect(jobType.diff(written.live, want).changes).toEqual([]);
  });

  describe('of a claim', () => {
    const claim = ref('v1', 'PersistentVolumeClaim');
    const want = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
    const storageClass = (mode: string): void =>
      kube.edit({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name: 'standard' }, 'admin', (object) => ({
        ...object,
        provisioner: 'x',
        volumeBindingMode: mode,
      }));

    it('is there when it is bound', async () => {
      expect(await make(claim, want, { is: 'ready' })).toEqual({ is: 'ready' });
    });

    it('is there while it waits for its first consumer', async () => {
      storageClass('WaitForFirstConsumer');
      expect(await make(claim, want, { is: 'idle' })).toEqual({ is: 'ready' });
    });

    it('waits for a volume', async () => {
      storageClass('Immediate');
      expect(await make(claim, want, { is: 'idle' })).toEqual({ is: 'waiting', on: 'a volume' });
    });

    it('fails with a storage class that is not there', async () => {
      const readiness = await make(claim, want, { is: 'idle' });
      expect(readiness).toMatchObject({
        is: 'failed',
        why: { code: 'unbound-claim', summary: expect.stringContaining('standard') },
      });
    });
  });

  it('tells a route that is not accepted from one that still waits', async () => {
    const definition = {
      group: 'gateway.networking.k8s.io',
      names: { kind: 'HTTPRoute', plural: 'httproutes' },
      scope: 'Namespaced',
      versions: [{ name: 'v1' }],
    };
    kube.edit(
      { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'httproutes' },
      'admin',
      (object) => ({ ...object, spec: definition }),
    );
    const id = ref('gateway.networking.k8s.io/v1', 'HTTPRoute');
    expect((await make(id, { spec: { parentRefs: [{ name: 'gw' }] } }, { is: 'ready' })).is).toBe('waiting');
    const said = (status: string, reason: string): void =>
      kube.edit(id, 'gateway-controller', (object: Mutable) => {
        const conditions = ['Accepted', 'ResolvedRefs'].map((type) => ({ type, status, reason, message: 'because' }));
        objectAt(object, 'status').parents = [{ conditions }];
        return object;
      });
    said('False', 'NotAllowedByListeners');
    expect(await look(id)).toMatchObject({ is: 'failed', why: { code: 'not-accepted' } });
    said('True', 'Accepted');
    expect(await look(id)).toEqual({ is: 'ready' });
  });
});
