import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject } from '../../../model/kube.ts';
import { listAt, numberAt, textAt } from '../compare/json.ts';
import { claimTrouble } from './claim.ts';
import { type Condition, findCondition, secondsSince } from './conditions.ts';
import { containerTrouble } from './container-trouble.ts';
import { type Noted, textOf, warningsOf } from './events.ts';
import { judge, type Looking, latest, suspect, type Unready } from './looking.ts';
import { podName } from './pod-names.ts';

/** Seconds that the scheduler gets: a claim or a node may be on its way. */
const schedulingTime = 8;
/** Seconds after which a pod that no scheduler has looked at is one that nobody looks at. */
const lookTime = 20;
/** Seconds that the kubelet gets to mount what may only just have been made. */
const mountTime = 8;
/** Seconds after which a pod that isn't ready is asked what holds it. */
const startTime = 5;

/** Why a pod won't come up by itself, or what it is suspected of; null while all may still be well. */
export async function podTrouble(pod: KubeObject, looking: Looking): Promise<Unready | null> {
  const evicted = textAt(pod, 'status', 'phase') === 'Failed' ? textAt(pod, 'status', 'reason') : undefined;
  // Its controller makes another one.
  if (evicted !== undefined) return null;
  return (await containerTrouble(pod, looking)) ?? (await scheduling(pod, looking)) ?? held(pod, looking);
}

/** The first trouble that is final among some pods, else what one is suspected of. */
export async function podsTrouble(pods: readonly KubeObject[], looking: Looking): Promise<Unready | null> {
  let suspected: Unready | null = null;
  for (const pod of pods) {
    const trouble = await podTrouble(pod, looking);
    if (trouble?.is === 'failed') return trouble;
    suspected ??= trouble;
  }
  return suspected;
}

async function scheduling(pod: KubeObject, looking: Looking): Promise<Unready | null> {
  const scheduled = findCondition(pod.status, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return null;
  if (secondsOf(scheduled, looking) < schedulingTime) return null;
  for (const volume of listAt(pod, 'spec', 'volumes')) {
    const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
    const trouble = name === undefined ? null : await claimTrouble(pod.metadata.namespace ?? '', name, looking.from);
    if (trouble) return { is: 'failed', why: trouble };
  }
  const why = problem('unschedulable', `${podName(pod)} fits on no node: ${scheduled.message}`, {
    help: 'ask for less, or make room',
  });
  return { is: 'failed', why };
}

// The condition keeps its time while the scheduler tries again: what this run did gets its own.
function secondsOf({ since: began }: Condition, { since }: Looking): number {
  return Math.min(secondsSince(began), (Date.now() - since) / 1000);
}

// What nobody will make any more; other mounts (a disk that another node still holds) only take their time.
const missing = /not found|does not exist|no such file|references non-existent/i;

// What the cluster says about a pod that takes long: a volume that can't be mounted, a probe that fails.
async function held(pod: KubeObject, looking: Looking): Promise<Unready | null> {
  if (findCondition(pod.status, 'Ready')?.status === 'True') return null;
  if (secondsSince(pod.metadata.creationTimestamp) <= startTime) return null;
  const warnings = (await warningsOf(pod, looking.from)).filter((one) => isOfNow(one, pod));
  const mount = warnings.find(({ reason }) => reason === 'FailedMount');
  const isPending = textAt(pod, 'status', 'phase') === 'Pending';
  if (isPending && mount && missing.test(mount.message) && secondsSince(pod.metadata.creationTimestamp) > mountTime) {
    return judge(problem('failed-mount', `${podName(pod)} can't mount: ${mount.message}`), mount.at, looking.since);
  }
  const [warning] = warnings;
  return warning ? suspect(problem('pod-not-ready', `${podName(pod)}, ${textOf(warning)}`)) : unseen(pod);
}

function unseen(pod: KubeObject): Unready | null {
  const isPending = textAt(pod, 'status', 'phase') === 'Pending' && textAt(pod, 'spec', 'nodeName') === undefined;
  const isSeen = !isPending || findCondition(pod.status, 'PodScheduled') !== undefined;
  if (isSeen || secondsSince(pod.metadata.creationTimestamp) < lookTime) return null;
  const scheduler = textAt(pod, 'spec', 'schedulerName') ?? 'default-scheduler';
  const why = problem('not-scheduled', `${podName(pod)}: scheduler ${scheduler} has not looked at it`, {
    help: 'see whether it runs: kubectl get pods -n kube-system -l component=kube-scheduler',
  });
  return suspect(why);
}

// A warning from before the containers last started, or from before the pod was bound, is over.
function isOfNow({ at, reason }: Noted, pod: KubeObject): boolean {
  if (reason === 'FailedScheduling') return findCondition(pod.status, 'PodScheduled')?.status !== 'True';
  const starts = listAt(pod, 'status', 'containerStatuses').map((one) => textAt(one, 'state', 'running', 'startedAt'));
  const started = latest(...starts);
  const isRestarting = listAt(pod, 'status', 'containerStatuses').some(
    (one) => (numberAt(one, 'restartCount') ?? 0) > 0,
  );
  return at === '' || started === undefined || isRestarting || Date.parse(at) + 1_000 >= Date.parse(started);
}
