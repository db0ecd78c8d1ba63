import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import { at, type Fields, isFields, listAt, numberAt, textAt } from '../compare/json.ts';

const revision = 'deployment.kubernetes.io/revision';
const hash = 'controller-revision-hash';

/** The pods of a workload in its newest form; what an older one left behind says nothing about it. */
export async function currentPods(object: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const owners = [object, ...(object.kind === 'Deployment' ? await newestSets(object, from) : [])];
  const uids = new Set(owners.map(({ metadata }) => metadata.uid));
  const newest = await newestRevision(object, from);
  const pods = await podsOf(object, from);
  return pods.filter((pod) => {
    const mine = pod.metadata.labels?.[hash];
    const isNewest = newest === undefined || mine === undefined || mine === newest;
    return isNewest && ownersOf(pod).some((uid) => uids.has(uid));
  });
}

/** All pods that a workload's selector finds, without those on their way out. */
export async function podsOf(object: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const labelSelector = selectorOf(at(object, 'spec', 'selector'));
  if (labelSelector === '') return [];
  const namespace = object.metadata.namespace ?? '';
  const pods = await from.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** The newest ReplicaSet of a Deployment: the one that its revision names. */
export async function newestSets(deployment: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const namespace = deployment.metadata.namespace ?? '';
  const sets = await from.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace });
  const newest = deployment.metadata.annotations?.[revision];
  return sets.filter(
    (set) => ownersOf(set).includes(deployment.metadata.uid) && set.metadata.annotations?.[revision] === newest,
  );
}

// What pods of the newest form are labelled with; under OnDelete older ones are as good.
async function newestRevision(object: KubeObject, from: KubeReader): Promise<string | undefined> {
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') return undefined;
  if (object.kind === 'StatefulSet') {
    const update = textAt(object, 'status', 'updateRevision');
    // Below the partition pods keep the older form, and must run all the same.
    return numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ? undefined : update;
  }
  if (object.kind !== 'DaemonSet') return undefined;
  const { namespace = '', uid } = object.metadata;
  const all = await from.list({ apiVersion: 'apps/v1', kind: 'ControllerRevision', namespace });
  const mine = all.filter((one) => ownersOf(one).includes(uid));
  const newest = mine.toSorted((a, b) => (numberAt(a, 'revision') ?? 0) - (numberAt(b, 'revision') ?? 0)).at(-1);
  return newest?.metadata.labels?.[hash];
}

// `spec.selector` of a workload as a label selector.
function selectorOf(selector: unknown): string {
  const labels = at(selector, 'matchLabels');
  const equal = isFields(labels) ? Object.entries(labels).map(([key, value]) => `${key}=${value}`) : [];
  return [...equal, ...listAt(selector, 'matchExpressions').filter(isFields).map(termOf)].join(',');
}

function termOf(expression: Fields): string {
  const key = String(expression.key);
  const values = listAt(expression, 'values').join(',');
  switch (expression.operator) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    default:
      return expression.operator === 'Exists' ? key : `!${key}`;
  }
}

function ownersOf({ metadata }: KubeObject): readonly (string | undefined)[] {
  return listAt(metadata, 'ownerReferences').map((reference) => textAt(reference, 'uid'));
}
