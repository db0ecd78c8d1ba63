import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import { type Fields, isFields, listAt, numberAt, textAt } from '../json.ts';
import { claimTrouble } from './claim.ts';
import { findCondition, secondsSince } from './conditions.ts';
import { warningsOf } from './events.ts';

const logLines = 12;
/** Seconds that the scheduler gets: a claim or a node may be on its way. */
const schedulingTime = 8;
/** Seconds after its first end in which a program is not yet called crashing. */
const crashTime = 6;
/** Seconds after which a pod that hasn't started is asked what holds it. */
const startTime = 5;

const badImage: ReadonlySet<string> = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
const badConfig: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);
// A registry says so, in one of these ways, when trying again won't help.
const noSuchImage = /not found|manifest unknown|does not exist|invalid reference|unauthorized|denied/i;

/** Why a pod won't come up by itself, or null while it still may. */
export async function podTrouble(pod: KubeObject, from: KubeReader): Promise<Diagnostic | null> {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((list) => listAt(pod, 'status', list));
  for (const status of statuses.filter(isFields)) {
    const trouble = await containerTrouble(pod, status, from);
    if (trouble) return trouble;
  }
  return scheduling(pod, from);
}

async function containerTrouble(pod: KubeObject, status: Fields, from: KubeReader): Promise<Diagnostic | null> {
  const reason = textAt(status, 'state', 'waiting', 'reason') ?? '';
  const message = textAt(status, 'state', 'waiting', 'message') ?? '';
  const container = String(status.name);
  const where = `${podName(pod)}, container ${container}`;
  if (badImage.has(reason) || (reason === 'ErrImagePull' && noSuchImage.test(message))) {
    return problem('image-pull', `${where}: the image ${imageOf(pod, container)} can't be had`, {
      detail: [`${reason}: ${message}`],
      help: 'correct the image, or make it available to the nodes',
    });
  }
  if (badConfig.has(reason))
    return problem('container-config', `${where} can't be started: ${message}`, { detail: [reason] });
  if (reason !== 'CrashLoopBackOff' || mayStillWork(status)) return null;
  const code = numberAt(status, 'lastState', 'terminated', 'exitCode');
  const why = textAt(status, 'lastState', 'terminated', 'reason');
  const ended = [
    code === undefined ? '' : ` with exit code ${code}`,
    why === undefined || why === 'Error' ? '' : ` (${why})`,
  ].join('');
  return problem('crash-loop', `${where} ends again and again${ended}`, {
    detail: await lastLines(pod, container, from),
    help: `look at all of it: kubectl logs -n ${pod.metadata.namespace} ${pod.metadata.name} -c ${container} --previous`,
  });
}

// It may have come too early for what it needs; but the kubelet's first pause, 10 s, is too long for a person to wait.
function mayStillWork(status: Fields): boolean {
  const ended = textAt(status, 'lastState', 'terminated', 'finishedAt');
  return (numberAt(status, 'restartCount') ?? 0) < 1 && secondsSince(ended) < crashTime;
}

/** The last lines that a container wrote before it ended. */
export async function lastLines(pod: KubeObject, container: string, from: KubeReader): Promise<readonly string[]> {
  const which = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name, container, lines: logLines };
  const before = await from.logs({ ...which, previous: true });
  return before.length > 0 ? before : from.logs(which);
}

async function scheduling(pod: KubeObject, from: KubeReader): Promise<Diagnostic | null> {
  const scheduled = findCondition(pod.status, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return null;
  if (secondsSince(scheduled.since) < schedulingTime) return null;
  for (const volume of listAt(pod, 'spec', 'volumes')) {
    const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
    const trouble = name === undefined ? null : await claimTrouble(pod.metadata.namespace ?? '', name, from);
    if (trouble) return trouble;
  }
  return problem('unschedulable', `${podName(pod)} fits on no node: ${scheduled.message}`, {
    help: 'ask for less, or make room',
  });
}

/** What the cluster says about the first pod that takes long to start: a volume that can't be mounted, a secret that is missing. */
export async function whatHolds(pods: readonly KubeObject[], from: KubeReader): Promise<string | null> {
  const slow = pods.find(
    (pod) => textAt(pod, 'status', 'phase') === 'Pending' && secondsSince(pod.metadata.creationTimestamp) > startTime,
  );
  const [warning] = slow ? await warningsOf(slow, from) : [];
  return slow && warning !== undefined ? `${podName(slow)}, ${warning}` : null;
}

export function podName({ metadata }: KubeObject): string {
  return `Pod ${metadata.namespace}/${metadata.name}`;
}

function imageOf(pod: KubeObject, container: string): string {
  const all = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')];
  return (
    textAt(
      all.find((one) => textAt(one, 'name') === container),
      'image',
    ) ?? 'of no name'
  );
}
