import type { KubeObject, ObjectRef } from '../../model/kube.ts';

/** Finds an object; no API version in its name, so that a newer one is still the same thing. */
export interface ObjectId extends ObjectRef {
  /** Keys of `data` that must be there for what reads it. */
  readonly keys?: readonly string[];
}

/** The id of an object that is there. */
export function idOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectId {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** True for kinds that Kubernetes itself brings; other groups have a dot and another ending. */
function isBuiltIn(apiVersion: string): boolean {
  const group = groupOf(apiVersion);
  return !group.includes('.') || group.endsWith('.k8s.io');
}

/** `Deployment`, or `Certificate.cert-manager.io` for a kind that others might name the same. */
function kindName({ apiVersion, kind }: Pick<ObjectId, 'apiVersion' | 'kind'>): string {
  return isBuiltIn(apiVersion) ? kind : `${kind}.${groupOf(apiVersion)}`;
}

/** `Deployment/devpi/redis`, cluster-wide `Namespace/devpi`. */
export function addressOf(id: ObjectId): string {
  return [kindName(id), ...(id.namespace === undefined ? [] : [id.namespace]), id.name].join('/');
}

/** `Deployment devpi/redis`. */
export function titleOf(id: ObjectId): string {
  return `${id.kind} ${id.namespace === undefined ? '' : `${id.namespace}/`}${id.name}`;
}

const workloads: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Pod',
]);
// What other objects of the same group refer to, and are refused without.
const referredTo: ReadonlySet<string> = new Set(['WorkflowTemplate', 'ClusterWorkflowTemplate', 'AppProject']);
// They judge or replace requests for everything else: last, when what answers them is there.
const gatekeepers = /WebhookConfiguration$|^APIService$|^ValidatingAdmissionPolicyBinding$/;

/** Order of writing within a step: 0 definitions, 1 namespaces, 2 config, 3 workloads and objects of other groups. */
export function phaseOf({ apiVersion, kind }: ObjectId): number {
  if (kind === 'CustomResourceDefinition') return 0;
  if (kind === 'Namespace') return 1;
  if (groupOf(apiVersion) === 'argoproj.io' && referredTo.has(kind)) return 2;
  return workloads.has(kind) || gatekeepers.test(kind) || !isBuiltIn(apiVersion) ? 3 : 2;
}
