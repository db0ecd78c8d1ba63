import { describe, expect, it } from 'vitest';
import { FakeKube } from '../../../src/connect/fake/kube.ts';
import { isDeferred, resolve } from '../../../src/model/deferred.ts';
import { CairnError } from '../../../src/model/diagnostic.ts';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import { type AnyHandle, handleOf, type Resource } from '../../../src/model/resource.ts';
import { reveal, Secret } from '../../../src/model/secret.ts';
import { kubernetesTypes } from '../../../src/resources/kubernetes/index.ts';
import { namespace, service } from '../../../src/resources/kubernetes/kinds/built-in.ts';
import { existing } from '../../../src/resources/kubernetes/kinds/existing.ts';
import { secret } from '../../../src/resources/kubernetes/kinds/secret.ts';
import { object } from '../../../src/resources/kubernetes/object.ts';

/** Makes a resource true on a cluster and gives its outputs, as the engine would. */
async function make(kube: FakeKube, resource: Resource<unknown>): Promise<unknown> {
  const { type, id, want } = handleOf(resource);
  const plain = resolve(
    want,
    () => undefined,
    (of: AnyHandle) => of.type.title(of.id),
  );
  const written = await type.write({ id, want: plain, live: null, options: {} }, kube as never);
  if (written.is !== 'written') throw new Error(written.is);
  return type.out(written.live, id);
}

describe('helpers', () => {
  it('keep what names a thing apart from what is wished of it', () => {
    const { id, want } = handleOf(
      service({ namespace: 'devpi', name: 'redis', labels: { app: 'redis' }, spec: { type: 'ClusterIP' } }),
    );
    expect(id).toEqual({ apiVersion: 'v1', kind: 'Service', namespace: 'devpi', name: 'redis' });
    expect(want).toEqual({ metadata: { labels: { app: 'redis' } }, spec: { type: 'ClusterIP' } });
  });

  it('give addresses without API versions, with the group of kinds that others define', () => {
    const address = (resource: Resource<unknown>): string => handleOf(resource).type.address(handleOf(resource).id);
    expect(address(service({ namespace: 'devpi', name: 'redis', spec: {} }))).toBe('Service/devpi/redis');
    expect(address(namespace({ name: 'devpi' }))).toBe('Namespace/devpi');
    const certificate = object({
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { namespace: 'a', name: 'b' },
    });
    expect(address(certificate)).toBe('Certificate.cert-manager.io/a/b');
    const route = object({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { namespace: 'a', name: 'b' },
    });
    expect(address(route)).toBe('HTTPRoute/a/b');
  });

  it('carry a secret to the cluster and back, and show it nowhere', async () => {
    const kube = new FakeKube();
    const made = secret({
      namespace: 'default',
      name: 'redis',
      data: { password: new Secret('correct horse'), user: 'me' },
    });
    expect(isDeferred(made.out.data.password)).toBe(true);
    const out = (await make(kube, made)) as { readonly data: Readonly<Record<string, Secret>> };
    expect(reveal(out.data.password ?? new Secret(''))).toBe('correct horse');
    expect(JSON.stringify(out)).not.toContain('correct horse');
    const stored = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'redis' });
    expect(stored?.data).toEqual({ password: btoa('correct horse'), user: btoa('me') });
    expect(stored?.metadata.annotations?.['cairn.dev/applied']).not.toContain('correct');
  });

  it('name the key that an existing secret lacks', async () => {
    const kube = new FakeKube();
    await make(kube, secret({ namespace: 'default', name: 'tls', data: { 'tls.crt': 'c' } }));
    const { type, id } = handleOf(existing.secret({ namespace: 'default', name: 'tls', keys: ['tls.key'] }));
    const reading = await type.read(id, kube as never);
    if (reading.is !== 'present') throw new Error(reading.is);
    expect(() => type.out(reading.live, id)).toThrow(CairnError);
    expect(() => type.out(reading.live, id)).toThrow('Secret default/tls has no key tls.key');
  });

  it('are found again by the names of their types', () => {
    const names = kubernetesTypes.map(({ name }) => name);
    expect(names).toContain('kubernetes/object');
    expect(names).toContain('kubernetes/job');
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the fake API server', () => {
  const ref = (kind: string, name: string): ObjectRef => ({ apiVersion: 'v1', kind, namespace: 'app', name });
  const bare = (kind: string, name: string): KubeObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { namespace: 'app', name },
  });
  const withNamespace = (options = {}): FakeKube => {
    const kube = new FakeKube(options);
    kube.edit({ apiVersion: 'v1', kind: 'Namespace', name: 'app' }, 'admin', (found) => found);
    return kube;
  };

  it('has no place for an object whose namespace is missing', async () => {
    const kube = new FakeKube();
    expect(await kube.dryRun(bare('ConfigMap', 'a'))).toMatchObject({ is: 'unavailable', because: 'no-namespace' });
    await expect(kube.apply(bare('ConfigMap', 'a'))).rejects.toMatchObject({ code: 'kube-not-found' });
  });

  it('takes what is in a namespace with it, and what holds a finalizer stays until it lets go', async () => {
    const kube = withNamespace();
    await kube.apply(bare('ConfigMap', 'a'));
    kube.edit(ref('ConfigMap', 'held'), 'admin', (found) => ({
      ...found,
      metadata: { ...(found.metadata as object), finalizers: ['x/y'] },
    }));
    const id: ObjectRef = { apiVersion: 'v1', kind: 'Namespace', name: 'app' };
    await kube.remove(id, (await kube.get(id))?.metadata.uid ?? '');
    expect(await kube.get(ref('ConfigMap', 'a'))).toBeNull();
    expect((await kube.get(id))?.metadata.deletionTimestamp).toBeDefined();
    kube.edit(ref('ConfigMap', 'held'), 'admin', (found) => ({
      ...found,
      metadata: { ...(found.metadata as object), finalizers: [] },
    }));
    expect(await kube.get(id)).toBeNull();
  });

  it('fails at the write that a test names, before or after it took effect', async () => {
    const at = (n: number) => (count: number) => {
      if (count === n) throw new Error('cut');
    };
    const before = withNamespace({ beforeWrite: at(2) });
    await before.apply(bare('ConfigMap', 'a'));
    await expect(before.apply(bare('ConfigMap', 'b'))).rejects.toThrow('cut');
    expect(await before.get(ref('ConfigMap', 'b'))).toBeNull();
    const after = withNamespace({ afterWrite: at(1) });
    await expect(after.apply(bare('ConfigMap', 'a'))).rejects.toThrow('cut');
    expect(await after.get(ref('ConfigMap', 'a'))).not.toBeNull();
  });
});
