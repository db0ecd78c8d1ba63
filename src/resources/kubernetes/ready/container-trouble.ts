import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import { at, type Fields, isFields, listAt, numberAt, textAt } from '../compare/json.ts';
import { secondsSince } from './conditions.ts';
import { eventsOf } from './events.ts';
import { judge, type Looking, latest, type Unready } from './looking.ts';
import { lastLines, podName } from './pod-names.ts';
import { usedSince } from './used.ts';

/** Seconds after its first end in which a program is not yet called crashing. */
const crashTime = 6;
/** Seconds after which a registry that stumbled is no longer hoped for: the kubelet's first pause is 10 s. */
const pullTime = 6;

const badImage: ReadonlySet<string> = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
const badConfig: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);
// A registry says so, in one of these ways, when trying again won't help.
const noSuchImage = /not found|manifest unknown|does not exist|invalid reference|unauthorized|denied/i;

/** Trouble of a container, and when it was last seen (ISO 8601). */
interface Seen {
  readonly why: Diagnostic;
  readonly at: string | undefined;
}

/** Why a container of a pod won't come up, or null while it still may. */
export async function containerTrouble(pod: KubeObject, looking: Looking): Promise<Unready | null> {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((list) => listAt(pod, 'status', list));
  for (const status of statuses.filter(isFields)) {
    const seen = await troubleOf(pod, status, looking.from);
    if (!seen) continue;
    const repaired = await usedSince(pod, looking.from);
    const since = Math.max(looking.since, repaired === undefined ? looking.since : Date.parse(repaired));
    return judge(seen.why, seen.at, since);
  }
  return null;
}

async function troubleOf(pod: KubeObject, status: Fields, from: KubeReader): Promise<Seen | null> {
  const reason = textAt(status, 'state', 'waiting', 'reason') ?? '';
  const message = textAt(status, 'state', 'waiting', 'message') ?? '';
  const container = String(status.name);
  const where = `${podName(pod)}, container ${container}`;
  if (badImage.has(reason) || reason === 'ErrImagePull') {
    const at = await lastFailure(pod, from);
    if (reason === 'ErrImagePull' && !noSuchImage.test(message) && secondsSince(at) < pullTime) return null;
    const why = problem('image-pull', `${where}: the image ${imageOf(pod, container)} can't be had`, {
      detail: [`${reason}: ${message}`],
      help: 'correct the image, or make it available to the nodes',
    });
    return { why, at };
  }
  if (badConfig.has(reason)) {
    const why = problem('container-config', `${where} can't be started: ${message}`, { detail: [reason] });
    return { why, at: await lastFailure(pod, from) };
  }
  if (!isCrashing(status, pod) || mayStillWork(status)) return null;
  return crash(pod, status, from);
}

// The kubelet says CrashLoopBackOff only when it looks again, up to 10 s after the end.
function isCrashing(status: Fields, pod: KubeObject): boolean {
  if (textAt(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff') return true;
  const code = numberAt(status, 'state', 'terminated', 'exitCode') ?? 0;
  return code !== 0 && textAt(pod, 'spec', 'restartPolicy') !== 'Never' && (numberAt(status, 'restartCount') ?? 0) > 0;
}

async function crash(pod: KubeObject, status: Fields, from: KubeReader): Promise<Seen> {
  const container = String(status.name);
  const end = at(status, 'state', 'terminated') ?? at(status, 'lastState', 'terminated');
  const code = numberAt(end, 'exitCode');
  const how = textAt(end, 'reason');
  const ended = [
    code === undefined ? '' : ` with exit code ${code}`,
    how === undefined || how === 'Error' ? '' : ` (${how})`,
  ].join('');
  const killed = await killing(pod, container, from);
  const why = problem('crash-loop', `${podName(pod)}, container ${container} ends again and again${ended}`, {
    detail: [...killed, ...(await lastLines(pod, container, from))],
    help: `look at all of it: kubectl logs -n ${pod.metadata.namespace} ${pod.metadata.name} -c ${container} --previous`,
  });
  return { why, at: textAt(end, 'finishedAt') };
}

// A program that its kubelet ends because a probe fails is not to blame for its exit code.
async function killing(pod: KubeObject, container: string, from: KubeReader): Promise<readonly string[]> {
  const events = await eventsOf(pod, from);
  const killed = events.find(
    ({ reason, message }) => reason === 'Killing' && message.includes(container) && message.includes('probe'),
  );
  const failed = killed && events.find(({ reason }) => reason === 'Unhealthy');
  return failed ? [failed.message, killed.message] : [];
}

// It may have come too early for what it needs; but the kubelet's first pause, 10 s, is too long for a person to wait.
function mayStillWork(status: Fields): boolean {
  const ended = textAt(status, 'lastState', 'terminated', 'finishedAt');
  return (numberAt(status, 'restartCount') ?? 0) < 1 && secondsSince(ended) < crashTime;
}

// The status doesn't say when the kubelet last tried; its events do.
async function lastFailure(pod: KubeObject, from: KubeReader): Promise<string | undefined> {
  const failed = (await eventsOf(pod, from)).find(({ reason, at }) => reason === 'Failed' && at !== '');
  return latest(pod.metadata.creationTimestamp, failed?.at);
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
