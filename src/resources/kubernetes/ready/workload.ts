import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { listAt, numberAt, textAt } from '../json.ts';
import { findCondition } from './conditions.ts';
import { warningsOf } from './events.ts';
import { podTrouble, whatHolds } from './pod-trouble.ts';
import { currentPods } from './pods.ts';

/** Deployment, StatefulSet, DaemonSet: ready when the newest form of it runs everywhere it should. */
export async function workloadReadiness(object: KubeObject, from: KubeReader): Promise<Readiness> {
  const { generation = 0 } = object.metadata;
  if ((numberAt(object, 'status', 'observedGeneration') ?? 0) < generation) {
    return { is: 'waiting', on: 'its controller to look at it' };
  }
  const missing = progressOf(object);
  if (missing === null) return { is: 'ready' };
  const pods = await currentPods(object, from);
  const trouble = (await podsTrouble(pods, from)) ?? (await refusal(object, from)) ?? timeOver(object);
  if (trouble) return { is: 'failed', why: trouble };
  return { is: 'waiting', on: (await whatHolds(pods, from)) ?? missing };
}

// What is still missing, or null when nothing is.
function progressOf(object: KubeObject): string | null {
  const count = (field: string): number => numberAt(object, 'status', field) ?? 0;
  if (object.kind === 'DaemonSet') {
    const wanted = count('desiredNumberScheduled');
    const up = Math.min(count('updatedNumberScheduled'), count('numberAvailable'));
    return up >= wanted ? null : `${wanted - up} of ${wanted} pods`;
  }
  const wanted = numberAt(object, 'spec', 'replicas') ?? 1;
  const isOld = object.kind === 'StatefulSet' && wanted > 0 && isRolling(object);
  const ready = object.kind === 'StatefulSet' ? count('readyReplicas') : count('availableReplicas');
  if (isOld || count('updatedReplicas') < wanted)
    return `${wanted - count('updatedReplicas')} of ${wanted} pods to be renewed`;
  if (count('replicas') > count('updatedReplicas')) return 'old pods to end';
  return ready >= wanted ? null : `${wanted - ready} of ${wanted} pods to be ready`;
}

function isRolling(object: KubeObject): boolean {
  const isOnDelete = textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
  return !isOnDelete && textAt(object, 'status', 'currentRevision') !== textAt(object, 'status', 'updateRevision');
}

async function podsTrouble(pods: readonly KubeObject[], from: KubeReader): Promise<Diagnostic | null> {
  for (const pod of pods) {
    const trouble = await podTrouble(pod, from);
    if (trouble) return trouble;
  }
  return null;
}

// No pod was made at all: a quota, an admission rule, a missing account.
async function refusal(object: KubeObject, from: KubeReader): Promise<Diagnostic | null> {
  const where = `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
  const failure = findCondition(object.status, 'ReplicaFailure');
  if (failure?.status === 'True') return problem('pods-refused', `${where}: its pods are refused: ${failure.message}`);
  if (object.kind === 'Deployment' || (numberAt(object, 'status', 'replicas') ?? 0) > 0) return null;
  const refused = (await warningsOf(object, from)).find((warning) => warning.startsWith('FailedCreate'));
  return refused === undefined ? null : problem('pods-refused', `${where}: its pods are refused: ${refused}`);
}

function timeOver(object: KubeObject): Diagnostic | null {
  const progressing = findCondition(object.status, 'Progressing');
  if (progressing?.status !== 'False') return null;
  const others = listAt(object, 'status', 'conditions')
    .map((one) => textAt(one, 'message') ?? '')
    .filter(Boolean);
  return problem(
    'rollout-failed',
    `${object.kind} ${object.metadata.namespace}/${object.metadata.name}: ${progressing.message}`,
    {
      detail: others,
    },
  );
}
