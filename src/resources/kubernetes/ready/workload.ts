import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { listAt, numberAt, textAt } from '../compare/json.ts';
import { idOf, titleOf } from '../id.ts';
import { findCondition } from './conditions.ts';
import { textOf, warningsOf } from './events.ts';
import { judge, type Looking, latest, type Unready } from './looking.ts';
import { podsTrouble } from './pod-trouble.ts';
import { currentPods, newestSets } from './pods.ts';
import { missingOf } from './progress.ts';

/** Deployment, StatefulSet, DaemonSet, ReplicaSet: ready when the newest form of it runs everywhere it should. */
export async function workloadReadiness(object: KubeObject, looking: Looking): Promise<Readiness> {
  const { generation = 0 } = object.metadata;
  if ((numberAt(object, 'status', 'observedGeneration') ?? 0) < generation) {
    return { is: 'waiting', on: 'its controller to look at it' };
  }
  const missing = missingOf(object);
  if (missing === null) return { is: 'ready' };
  const pods = await currentPods(object, looking.from);
  const found = [await podsTrouble(pods, looking), await refusal(object, pods, looking), timeOver(object, looking)];
  const troubles = found.filter((one) => one !== null);
  return troubles.find(({ is }) => is === 'failed') ?? troubles[0] ?? { is: 'waiting', on: missing };
}

/** Why no pod is made, or fewer than asked for: a quota, an admission rule, a missing account. */
export async function refusal(
  object: KubeObject,
  pods: readonly KubeObject[],
  { from, since }: Looking,
): Promise<Unready | null> {
  const makers = object.kind === 'Deployment' ? await newestSets(object, from) : [object];
  const failure = findCondition(object.status, 'ReplicaFailure');
  const warnings = (await Promise.all(makers.map((maker) => warningsOf(maker, from)))).flat();
  // A pod that came since shows that it is over.
  const newestPod = latest(...pods.map(({ metadata }) => metadata.creationTimestamp)) ?? '';
  const refused = warnings.find(({ reason, at }) => reason === 'FailedCreate' && at >= newestPod);
  const isRefused = failure?.status === 'True';
  if (!isRefused && !refused) return null;
  const said = isRefused ? failure.message : refused ? textOf(refused) : '';
  const why = problem('pods-refused', `${titleOf(idOf(object))}: its pods are refused: ${said}`);
  return judge(why, latest(isRefused ? failure.since : undefined, refused?.at), since);
}

function timeOver(object: KubeObject, { since }: Looking): Unready | null {
  const progressing = findCondition(object.status, 'Progressing');
  if (progressing?.status !== 'False') return null;
  const others = listAt(object, 'status', 'conditions')
    .map((one) => textAt(one, 'message') ?? '')
    .filter(Boolean);
  const why = problem('rollout-failed', `${titleOf(idOf(object))}: ${progressing.message}`, { detail: others });
  return judge(why, progressing.since, since);
}
