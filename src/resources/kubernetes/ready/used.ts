import type { KubeObject, KubeReader, ObjectRef } from '../../../model/kube.ts';
import { isFields, textAt } from '../compare/json.ts';
import { latest } from './looking.ts';

/** When what a pod reads (its ConfigMaps and Secrets) was last written: ISO 8601, undefined when it reads none. */
export async function usedSince(pod: KubeObject, from: KubeReader): Promise<string | undefined> {
  const { namespace = '' } = pod.metadata;
  const refs = new Map<string, ObjectRef>();
  for (const { kind, name } of namesIn(pod.spec)) {
    refs.set(`${kind}/${name}`, { apiVersion: 'v1', kind, namespace, name });
  }
  const objects = await Promise.all([...refs.values()].map((ref) => from.get(ref).catch(() => null)));
  return latest(...objects.flatMap((object) => object?.metadata.managedFields?.map(({ time }) => time)));
}

// `configMapRef: { name }`, `secretKeyRef: { name }`, `secret: { secretName }`, `imagePullSecrets`, wherever they stand.
const fields: Readonly<Record<string, { readonly kind: string; readonly name: string }>> = {
  configMap: { kind: 'ConfigMap', name: 'name' },
  configMapRef: { kind: 'ConfigMap', name: 'name' },
  configMapKeyRef: { kind: 'ConfigMap', name: 'name' },
  secret: { kind: 'Secret', name: 'secretName' },
  secretRef: { kind: 'Secret', name: 'name' },
  secretKeyRef: { kind: 'Secret', name: 'name' },
  imagePullSecrets: { kind: 'Secret', name: 'name' },
};

function* namesIn(value: unknown, field = ''): Generator<{ readonly kind: string; readonly name: string }> {
  if (Array.isArray(value)) {
    for (const item of value) yield* namesIn(item, field);
    return;
  }
  if (!isFields(value)) return;
  const known = fields[field];
  const name = known && (textAt(value, known.name) ?? textAt(value, 'name'));
  if (known && name !== undefined) yield { kind: known.kind, name };
  for (const [inner, held] of Object.entries(value)) yield* namesIn(held, inner);
}
