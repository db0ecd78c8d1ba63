import type { Mutable } from '../../../src/connect/fake/kube-json.ts';
import { objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { ObjectRef } from '../../../src/model/kube.ts';
import { Secret } from '../../../src/model/secret.ts';
import { applicationType } from '../../../src/resources/kubernetes/argo/application.ts';
import { workflowType } from '../../../src/resources/kubernetes/argo/workflow.ts';
import { contractSuite } from '../suite.ts';
import type { KubeWorld, Server } from './world.ts';

const apiVersion = 'argoproj.io/v1alpha1';

const source = { repoURL: 'ssh://git@git.example/shop.git', path: 'manifests', targetRevision: 'main' };
const want = {
  metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io'] },
  spec: {
    project: 'default',
    source,
    destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
    syncPolicy: { automated: { selfHeal: true, prune: true } },
  },
};

const steps = (value: unknown): object => ({
  spec: {
    entrypoint: 'main',
    templates: [{ name: 'main', container: { image: 'x:1', env: [{ name: 'A', value }] } }],
  },
});

/** The types of Argo through the suite that every type passes. */
export function argoSuite(server: Server): void {
  contractSuite({
    name: `Workflow on ${server.name}`,
    type: workflowType,
    open: () => server.open(),
    id: ({ namespace }: KubeWorld): ObjectRef => ({ apiVersion, kind: 'Workflow', namespace, name: 'once' }),
    want: steps('b') as Readonly<Record<string, unknown>>,
    drifts: {},
    snapshot: (world: KubeWorld) => world.snapshot(),
    secret: {
      want: steps(new Secret('canary-in-a-workflow')) as Readonly<Record<string, unknown>>,
      canary: 'canary-in-a-workflow',
    },
  });

  const idOf = ({ namespace }: KubeWorld): ObjectRef => ({ apiVersion, kind: 'Application', namespace, name: 'shop' });
  const edit = (change: (spec: Mutable) => void) => async (world: KubeWorld) =>
    await world.edit(idOf(world), 'kubectl-edit', (object) => {
      change(objectAt(object, 'spec'));
      return object;
    });
  contractSuite({
    name: `Application on ${server.name}`,
    type: applicationType,
    open: () => server.open(),
    id: idOf,
    want,
    drifts: {
      'spec.source.path': edit((spec) => {
        objectAt(spec, 'source').path = 'elsewhere';
      }),
      'spec.syncPolicy.automated.selfHeal': edit((spec) => {
        objectAt(objectAt(spec, 'syncPolicy'), 'automated').selfHeal = false;
      }),
    },
    older: async (world: KubeWorld) =>
      await world.edit(idOf(world), 'kubectl-create', (object) => ({
        ...object,
        spec: { ...want.spec, source: { ...source, path: 'older' } },
      })),
    snapshot: (world: KubeWorld) => world.snapshot(),
  });
}
