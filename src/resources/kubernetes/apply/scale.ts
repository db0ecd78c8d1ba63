import type { KubeObject, ManagedFields } from '../../../model/kube.ts';
import { isFields } from '../compare/json.ts';
import { isAutoscaled, ownersOf } from './owners.ts';

const replicas = 'spec.replicas';

/** An old form with the replicas that something has scaled to since: they are its own, and don't go back. */
export function withScale(before: KubeObject, now: KubeObject): KubeObject {
  if (!ownersOf(now)(replicas).some(isAutoscaled) || !isFields(before.spec) || !isFields(now.spec)) return before;
  const scaled = (now.metadata.managedFields ?? []).filter(isScale);
  const others = (before.metadata.managedFields ?? []).filter((entry) => !isScale(entry)).map(withoutReplicas);
  return {
    ...before,
    spec: { ...before.spec, replicas: now.spec.replicas },
    metadata: { ...before.metadata, managedFields: [...others, ...scaled] },
  };
}

function isScale({ subresource }: ManagedFields): boolean {
  return subresource === 'scale';
}

function withoutReplicas(entry: ManagedFields): ManagedFields {
  const { 'f:spec': spec, ...fields } = entry.fieldsV1 ?? {};
  if (!isFields(spec) || spec['f:replicas'] === undefined) return entry;
  const { 'f:replicas': _, ...rest } = spec;
  return { ...entry, fieldsV1: Object.keys(rest).length > 0 ? { ...fields, 'f:spec': rest } : fields };
}
