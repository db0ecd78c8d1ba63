import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeKube } from '../../src/connect/fake/kube.ts';
import type { KubeObject } from '../../src/model/kube.ts';
import { idOf } from '../../src/resources/kubernetes/id.ts';

const roles = join(import.meta.dirname, '../../roles');
const files = [
  'gateway/files/gateway-api-v1.3.0.yaml',
  'argo_workflows/files/argo-workflows-v3.6.10.yaml',
  'argo_cd/files/argo-cd-v2.14.21.yaml',
];

/** What the cluster of `inventory/example` has of its own: Gateway API, Argo Workflows and Argo CD, as somebody else installed them. */
export function raiseSite(kube: FakeKube): void {
  const definitions = files.flatMap((file) =>
    readFileSync(join(roles, file), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as KubeObject),
  );
  const namespaces = ['argo', 'argocd'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  for (const object of [...definitions, ...namespaces])
    kube.edit(idOf(object), 'helm', (empty) => ({ ...empty, ...object }));
}
