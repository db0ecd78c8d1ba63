import type { KubeObject } from '../../../model/kube.ts';
import { at, numberAt, textAt } from '../compare/json.ts';

/** What is still missing until the newest form of a workload runs everywhere it should; null when nothing is. Pure. */
export function missingOf(object: KubeObject): string | null {
  switch (object.kind) {
    case 'DaemonSet':
      return missingOfDaemonSet(object);
    case 'StatefulSet':
      return missingOfStatefulSet(object);
    case 'ReplicaSet':
      return missingOfReplicaSet(object);
    default:
      return missingOfDeployment(object);
  }
}

function missingOfDeployment(object: KubeObject): string | null {
  const count = counterOf(object);
  const wanted = wantedOf(object);
  if (count('updatedReplicas') < wanted) {
    const isPaused = at(object, 'spec', 'paused') === true;
    return isPaused ? 'its rollout to be resumed: it is paused' : renewing(wanted - count('updatedReplicas'), wanted);
  }
  if (count('replicas') > count('updatedReplicas')) return 'old pods to end';
  return starting(wanted - count('availableReplicas'), wanted);
}

// https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions: pods below it keep their form.
function missingOfStatefulSet(object: KubeObject): string | null {
  const count = counterOf(object);
  const wanted = wantedOf(object);
  const partition = numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  const toRenew = Math.max(0, wanted - partition);
  if (!isOnDelete(object)) {
    const isRolling = textAt(object, 'status', 'currentRevision') !== textAt(object, 'status', 'updateRevision');
    const left = Math.max(0, toRenew - count('updatedReplicas'));
    if (left > 0 || (partition === 0 && wanted > 0 && isRolling)) return renewing(left, toRenew);
  }
  const hasPause = (numberAt(object, 'spec', 'minReadySeconds') ?? 0) > 0;
  if (count('replicas') > wanted) return 'pods too many to end';
  return starting(wanted - count(hasPause ? 'availableReplicas' : 'readyReplicas'), wanted);
}

function missingOfDaemonSet(object: KubeObject): string | null {
  const count = counterOf(object);
  const wanted = count('desiredNumberScheduled');
  const old = isOnDelete(object) ? 0 : wanted - count('updatedNumberScheduled');
  return old > 0 ? renewing(old, wanted) : starting(wanted - count('numberAvailable'), wanted);
}

function missingOfReplicaSet(object: KubeObject): string | null {
  const count = counterOf(object);
  const wanted = wantedOf(object);
  return count('replicas') > wanted ? 'pods too many to end' : starting(wanted - count('availableReplicas'), wanted);
}

function isOnDelete(object: KubeObject): boolean {
  return textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
}

function counterOf(object: KubeObject): (field: string) => number {
  return (field) => numberAt(object, 'status', field) ?? 0;
}

function wantedOf(object: KubeObject): number {
  return numberAt(object, 'spec', 'replicas') ?? 1;
}

function renewing(missing: number, of: number): string {
  return `${missing} of ${of} pods to be renewed`;
}

function starting(missing: number, of: number): string | null {
  return missing > 0 ? `${missing} of ${of} pods to be ready` : null;
}
