import { describe, expect, it, vi } from 'vitest';
import { FakeKube } from '../../../src/connect/fake/kube.ts';
import { objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { Planned } from '../../../src/model/deferred.ts';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import { readApplied, writeApplied } from '../../../src/resources/kubernetes/apply/applied.ts';
import type { Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import { editsBetween } from '../../../src/resources/kubernetes/compare/leaves.ts';
import { listKeysOf } from '../../../src/resources/kubernetes/compare/list-keys.ts';
import { objectType as type } from '../../../src/resources/kubernetes/object.ts';

const web: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const want: Want = {
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
  },
};

async function scaledBy(manager: string) {
  const kube = new FakeKube();
  await type.write({ id: web, want, live: null, options: {} }, kube);
  const scale = (object: Parameters<Parameters<FakeKube['edit']>[2]>[0]) => {
    objectAt(object, 'spec').replicas = 4;
    return object;
  };
  kube.edit(web, manager, scale, 'scale');
  const reading = await type.read(web, kube);
  const live = reading.is === 'present' ? reading.live : null;
  const merged = await type.merge?.(web, want as Planned<Want>, live, kube, {});
  return type.diff(live, want as Planned<Want>, merged?.live);
}

describe('replicas', () => {
  it('that an autoscaler sets belong to it', async () => {
    expect((await scaledBy('kube-controller-manager')).foreign).toEqual([
      { path: 'spec.replicas', owner: 'kube-controller-manager' },
    ]);
  });

  it('that a person scales by hand are drift', async () => {
    const { changes, foreign } = await scaledBy('kubectl');
    expect(foreign).toEqual([]);
    expect(changes[0]?.note).toMatch(/set by kubectl-scale/);
  });
});

it('what a controller writes while we plan is no change of ours', async () => {
  const kube = new FakeKube();
  await type.write({ id: web, want, live: null, options: {} }, kube);
  const reading = await type.read(web, kube);
  const live = reading.is === 'present' ? reading.live : null;
  const annotate = (object: Parameters<Parameters<FakeKube['edit']>[2]>[0]) => {
    objectAt(objectAt(object, 'metadata'), 'annotations')['deployment.kubernetes.io/revision'] = '2';
    return object;
  };
  kube.edit(web, 'kube-controller-manager', annotate);
  const replicas = { ...want, spec: { ...(want.spec as object), replicas: 2 } } as Planned<Want>;
  const merged = await type.merge?.(web, replicas, live, kube, {});
  const paths = (from: typeof live) => type.diff(from, replicas, merged?.live).changes.map(({ path }) => path);
  expect(paths(live)).toHaveLength(2);
  expect(merged?.over?.object.metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '2' });
  expect(paths(merged?.over ?? null)).toEqual(['spec.replicas']);
});

describe('the record of what was applied', () => {
  const record = (value: unknown) => {
    const leaves = editsBetween(undefined, value, listKeysOf());
    const text = writeApplied(leaves, (path) => path.includes('password'));
    return { text, applied: readApplied(marked(text)) };
  };
  const marked = (text: string): KubeObject => {
    const fieldsV1 = { 'f:metadata': { 'f:annotations': { 'f:cairn.dev/applied': {} } } };
    const managedFields = [{ manager: 'cairn', operation: 'Apply', fieldsV1 } as const];
    return {
      apiVersion: 'v1',
      kind: 'X',
      metadata: { name: 'x', annotations: { 'cairn.dev/applied': text }, managedFields },
    };
  };

  it('knows fields, list items by their keys, and which held a secret, but no value', () => {
    const { text, applied } = record({
      spec: { containers: [{ name: 'a', image: 'one' }] },
      data: { 'tls.key': 'k', password: 'p4ss' },
    });
    expect(applied.has('spec.containers[a].image')).toBe(true);
    expect(applied.has('spec.containers[b].image')).toBe(false);
    expect(applied.has('data[tls.key]')).toBe(true);
    expect(applied.isSecret('data.password')).toBe(true);
    expect(applied.isSecret('data[tls.key]')).toBe(false);
    expect(text).not.toContain('p4ss');
  });

  it('stays small: deep levels are stood for by their parent', () => {
    const schema = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, i) => [`property${i}`, { type: 'string', description: 'x' }]),
    );
    const { text, applied } = record({ spec: { group: 'x', schema: { properties: schema } } });
    expect(text.length).toBeLessThan(32_769);
    expect(applied.has('spec.schema.properties.property7.type')).toBe(true);
    expect(applied.has('data')).toBe(false);
  });

  it('that somebody garbled says nothing', () => {
    expect(readApplied(marked('{')).has('spec')).toBe(false);
  });
});

describe('a deletion that does not end', () => {
  it('names the finalizer that holds it, and strips nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
    try {
      const kube = new FakeKube();
      const id: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'held' };
      const finalizers = ['example.com/keeper'];
      kube.edit(id, 'admin', (object) => ({ ...object, metadata: { ...(object.metadata as object), finalizers } }));
      const live = await kube.get(id);
      if (!live) throw new Error('not made');
      const removal = type
        .write({ id, want: null, live: { object: live }, options: {} }, kube)
        .catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(180_000);
      expect(await removal).toMatchObject({
        code: 'kube-stuck',
        message: expect.stringContaining('finalizer example.com/keeper holds it'),
      });
      expect((await kube.get(id))?.metadata.finalizers).toEqual(finalizers);
    } finally {
      vi.useRealTimers();
    }
  });
});
