import { describe, expect, it } from 'vitest';
import { initially } from '../../src/model/initially.ts';
import type { KubeObject } from '../../src/model/kube.ts';
import { restore, step } from '../../src/model/step.ts';
import { generated } from '../../src/resources/kubernetes/issued/generated.ts';
import { deployment } from '../../src/resources/kubernetes/kinds/built-in.ts';
import { secret } from '../../src/resources/kubernetes/kinds/secret.ts';
import { World } from '../rig/world.ts';

const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };

function webOf(image: string): World {
  return new World({ 'demo/10_web': webStep(image) });
}

const webStep = (image: string) =>
  step({
    summary: 'A web server that something scales',
    on: 'cluster',
    undo: restore,
    resources: () => ({
      web: deployment({
        namespace: 'default',
        name: 'web',
        spec: {
          replicas: initially(2),
          selector: { matchLabels: { app: 'web' } },
          template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
        },
      }),
    }),
  });

function scale(world: World, replicas: number): void {
  const set = (object: object) => ({
    ...object,
    spec: { ...(object as KubeObject & { spec: object }).spec, replicas },
  });
  world.kube.edit(ref, 'hpa', set, 'scale');
}

async function replicas(world: World): Promise<unknown> {
  const { spec } = (await world.kube.get(ref)) as KubeObject & { readonly spec: { readonly replicas?: number } };
  return spec.replicas;
}

describe('a field that is set once', () => {
  it('belongs to others afterwards, through runs and undo', async () => {
    const world = webOf('web:1');
    const before = world.snapshot();
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await replicas(world)).toBe(2);
    scale(world, 6);
    expect(await world.pending()).toEqual([]);
    world.useSteps({ 'demo/10_web': webStep('web:2') });
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { updated: 1 } }] });
    expect(await replicas(world)).toBe(6);
    expect(await world.pending()).toEqual([]);
    scale(world, 3);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it('is never touched where the object was there before', async () => {
    const world = webOf('web:2');
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
    world.kube.applyAs('helm', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'default', name: 'web' },
      spec: { selector: { matchLabels: { app: 'web' } }, replicas: 5, template },
    } as KubeObject);
    expect((await world.plan()).steps[0]?.changes[0]).toMatchObject({
      verb: 'foreign',
      foreign: [{ path: 'spec.template.spec.containers[web].image', owner: 'helm' }],
    });
    world.useSteps({ 'demo/10_web': webStep('web:1') });
    const before = world.snapshot();
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });
});

describe('a Secret with generated values', () => {
  it('has labels, annotations and a type like any other, and keeps its values when they change', async () => {
    const login = (labels: Record<string, string>) =>
      step({
        summary: 'A login',
        on: 'cluster',
        undo: restore,
        resources: () => ({
          login: secret({
            namespace: 'default',
            name: 'login',
            type: 'kubernetes.io/basic-auth',
            labels,
            annotations: { note: 'ours' },
            data: { username: 'me', password: generated(12) },
          }),
        }),
      });
    const id = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'login' };
    const world = new World({ 'demo/10_login': login({ team: 'a', old: 'x' }) });
    const before = world.snapshot();
    await world.up();
    const made = await world.kube.get(id);
    expect(made).toMatchObject({
      type: 'kubernetes.io/basic-auth',
      metadata: { labels: { team: 'a', old: 'x' }, annotations: { note: 'ours' } },
    });
    expect(await world.pending()).toEqual([]);
    world.useSteps({ 'demo/10_login': login({ team: 'b' }) });
    const [planned] = (await world.plan()).steps.flatMap(({ changes }) => changes);
    expect(planned?.fields.map(({ path }) => path)).toEqual(['metadata.labels.team', 'metadata.labels.old']);
    await world.up();
    const now = await world.kube.get(id);
    expect(now?.data).toEqual(made?.data);
    expect(now?.metadata.labels).toMatchObject({ team: 'b' });
    expect(now?.metadata.labels?.old).toBeUndefined();
    expect(await world.pending()).toEqual([]);
    world.kube.edit(id, 'kubectl-edit', (object) => {
      const metadata = object.metadata as { annotations: Record<string, string> };
      metadata.annotations.note = 'theirs';
      return object;
    });
    expect(await world.pending()).toEqual(['update Secret default/login']);
    await world.up();
    await world.undo();
    expect(world.snapshot()).toEqual(before);
  });
});
