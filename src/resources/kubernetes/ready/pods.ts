import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import { at, isFields, listAt, textAt } from '../json.ts';

const revision = 'deployment.kubernetes.io/revision';

/** The pods of a workload in its newest form; what an older one left behind says nothing about it. */
export async function currentPods(object: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const owners = [object, ...(object.kind === 'Deployment' ? await newestSets(object, from) : [])];
  const uids = new Set(owners.map(({ metadata }) => metadata.uid));
  const pods = await podsOf(object, from);
  return pods.filter((pod) => ownersOf(pod).some((uid) => uids.has(uid)) && isOfRevision(pod, object));
}

/** All pods that a workload's selector finds, without those on their way out. */
export async function podsOf(object: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const labels = at(object, 'spec', 'selector', 'matchLabels');
  if (!isFields(labels)) return [];
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const namespace = object.metadata.namespace ?? '';
  const pods = await from.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

async function newestSets(deployment: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const namespace = deployment.metadata.namespace ?? '';
  const sets = await from.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace });
  const newest = deployment.metadata.annotations?.[revision];
  return sets.filter(
    (set) => ownersOf(set).includes(deployment.metadata.uid) && set.metadata.annotations?.[revision] === newest,
  );
}

function isOfRevision(pod: KubeObject, object: KubeObject): boolean {
  const mine = pod.metadata.labels?.['controller-revision-hash'];
  const newest = textAt(object, 'status', 'updateRevision');
  return object.kind !== 'StatefulSet' || mine === undefined || newest === undefined || mine === newest;
}

function ownersOf({ metadata }: KubeObject): readonly (string | undefined)[] {
  return listAt(metadata, 'ownerReferences').map((reference) => textAt(reference, 'uid'));
}
