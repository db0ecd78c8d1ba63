import { expect, it } from 'vitest';
import { FakeKube } from '../../../src/connect/fake/kube.ts';
import { restore, step } from '../../../src/model/step.ts';
import { argo, k8s } from '../../../src/sdk.ts';
import { argoDefinitions } from '../../rig/argo.ts';
import { World } from '../../rig/world.ts';

const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'shop' };
const server = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'shop', name: 'server' }, spec: {} };
const resources = [{ group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'server' }];

/** A namespace of ours, and an Application that has deployed a server into it, or says so. */
async function delivered(cluster: string): Promise<{ readonly kube: FakeKube; readonly world: World }> {
  const kube = new FakeKube();
  for (const definition of argoDefinitions) kube.applyAs('kubectl', definition);
  kube.edit({ apiVersion: 'v1', kind: 'Namespace', name: 'argocd' }, 'kubectl', (object) => object);
  const steps = {
    'shop/10_namespace': step({
      summary: 'A namespace',
      on: 'cluster',
      undo: restore,
      resources: () => ({ namespace: k8s.namespace({ name: 'shop' }) }),
    }),
    'shop/20_delivery': step({
      summary: 'An Application',
      on: 'cluster',
      undo: restore,
      resources: () => ({
        shop: argo.application({
          namespace: 'argocd',
          name: 'shop',
          spec: {
            project: 'default',
            source: { repoURL: 'https://git.example.com/shop', path: '.' },
            destination: { server: cluster, namespace: 'shop' },
          },
        }),
      }),
    }),
  };
  const world = new World(steps, { cluster: { reader: kube, writer: kube } });
  expect((await world.up()).failure?.causes ?? []).toEqual([]);
  kube.edit(ref, 'argocd', (object) => ({ ...object, status: { resources } }));
  await kube.create(server);
  return { kube, world };
}

async function lossesOf(world: World): Promise<readonly (readonly [string, string])[]> {
  const { plan } = await world.planUndo();
  return plan.steps.flatMap(({ changes }) => changes.map(({ title, loss }) => [title, loss.is] as const));
}

it('undo does not ask about a namespace for what an Application deployed there and takes along', async () => {
  const { world } = await delivered('https://kubernetes.default.svc');
  expect(await lossesOf(world)).toEqual([
    ['Application argocd/shop', 'none'],
    ['Namespace shop', 'none'],
  ]);
});

it('undo asks about a namespace that holds more than that', async () => {
  const { kube, world } = await delivered('https://kubernetes.default.svc');
  await kube.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'theirs' }, data: {} });
  expect(await lossesOf(world)).toContainEqual(['Namespace shop', 'data']);
});

it('undo asks about a namespace with a server of that name that an Application deployed to another cluster', async () => {
  const { world } = await delivered('https://elsewhere.example.com');
  expect(await lossesOf(world)).toContainEqual(['Namespace shop', 'data']);
});
