import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject, KubeWriter } from '../../model/kube.ts';
import { isFields, listAt, numberAt, textAt } from './compare/json.ts';
import { idOf } from './id.ts';
import { podsOf } from './ready/pods.ts';

/** Milliseconds for the controller to see the new template; pods deleted before come back as they were. */
const observing = 10_000;

/**
 * Deletes the pods of a changed StatefulSet that never came up. Its controller waits for a broken pod to become ready before
 * it renews it, for ever: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
export async function unstick(set: KubeObject, to: KubeWriter): Promise<void> {
  const broken = (await podsOf(set, to)).filter(isBroken);
  if (broken.length === 0) return;
  await observed(set, to);
  for (const pod of broken) await to.remove({ ...idOf(pod), apiVersion: 'v1', kind: 'Pod' }, pod.metadata.uid ?? '');
}

const hopeless =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|CrashLoopBackOff|CreateContainer\w*Error|RunContainerError)$/;

function isBroken(pod: KubeObject): boolean {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((list) => listAt(pod, 'status', list));
  return statuses.filter(isFields).some((status) => hopeless.test(textAt(status, 'state', 'waiting', 'reason') ?? ''));
}

async function observed(set: KubeObject, to: KubeWriter): Promise<void> {
  const deadline = Date.now() + observing;
  while (Date.now() < deadline) {
    const now = await to.get(idOf(set));
    if (!now || (numberAt(now, 'status', 'observedGeneration') ?? 0) >= (set.metadata.generation ?? 0)) return;
    await sleep(100);
  }
}
