import type { KubeObject, KubeReader, ManagedFields } from '../../../src/model/kube.ts';
import { adopted, definitionOf, home, kindOf, replaced } from './project.ts';

/** A text without the name of its shop. */
export function generic(text: string): string {
  return text.replaceAll(/fa\d+x/gi, 'NAME');
}

const namespaced = [
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'Deployment'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
] as const;

/** Everything of one shop, in a form that is equal for all shops that are the same. */
export async function snapshot(direct: KubeReader, name: string): Promise<readonly unknown[]> {
  const own = await Promise.all([
    ...namespaced.map(([apiVersion, kind]) => direct.list({ apiVersion, kind, namespace: name })),
    direct.list({ apiVersion: 'cairn.test/v1', kind: kindOf(name), namespace: name }),
  ]);
  const single = await Promise.all([
    direct.get({ apiVersion: 'v1', kind: 'Namespace', name }),
    direct.get({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name }),
    direct.get({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: definitionOf(name) }),
    ...[adopted(name), replaced(name)].map((one) =>
      direct.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: home, name: one }),
    ),
  ]);
  const objects = [...own.flat(), ...single.filter((one) => one !== null)];
  return objects.map((object) => plain(object)).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

// What differs between two worlds that are the same: names of the shop, times, versions, random values.
function plain(object: KubeObject): unknown {
  const { resourceVersion: _, uid: _uid, creationTimestamp: _time, ...metadata } = object.metadata;
  const { status: _status, ...rest } = object;
  const managedFields = (metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource !== 'status')
    .map(({ time: _at, ...entry }: ManagedFields) => entry);
  const text = generic(JSON.stringify({ ...rest, metadata: { ...metadata, managedFields } }))
    .replaceAll(/"(password|uri|clusterIPs?)":("[^"]*"|\["[^"]*"\])/g, '"$1":"…"')
    .replaceAll(/cairn\.dev\/applied":"(?:[^"\\]|\\.)*"/g, 'applied":"…"');
  return JSON.parse(text);
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
