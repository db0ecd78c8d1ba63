import type { Diagnostic } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { at, isFields } from '../compare/json.ts';
import { findCondition } from './conditions.ts';
import { lastWords, problemOf } from './last-words.ts';
import type { Looking } from './looking.ts';
import { podsTrouble } from './pod-trouble.ts';
import { refusal } from './workload.ts';

/** A job is ready when it completed; a failed one shows the last lines of the pod that failed. */
export async function jobReadiness(job: KubeObject, looking: Looking): Promise<Readiness> {
  if (findCondition(job.status, 'Complete')?.status === 'True') return { is: 'ready' };
  // Made to wait for somebody who lets it go on.
  if (at(job, 'spec', 'suspend') === true) return { is: 'ready' };
  const failed = failureOf(job);
  const pods = await podsOf(job, looking.from);
  if (failed !== null) return { is: 'failed', why: await jobFailure(job, failed, { pods, from: looking.from }) };
  const trouble = await podsTrouble(pods, looking);
  // It may crash as often as its backoffLimit says.
  if (trouble?.is === 'failed' && trouble.why.code === 'crash-loop') {
    return { is: 'waiting', on: trouble.why.summary, why: trouble.why };
  }
  const waiting = { is: 'waiting', on: pods.length === 0 ? 'its pod' : 'its end' } as const;
  return trouble ?? (await refusal(job, pods, looking)) ?? waiting;
}

/** Why a job failed for good, null when it didn't. */
export function failureOf(job: KubeObject): string | null {
  const failed = findCondition(job.status, 'Failed');
  return failed?.status === 'True' ? failed.message || failed.reason || 'it failed' : null;
}

async function jobFailure(
  job: KubeObject,
  message: string,
  { pods, from }: { pods: readonly KubeObject[]; from: KubeReader },
): Promise<Diagnostic> {
  const pod = pods.find(({ status }) => isFields(status) && status.phase === 'Failed') ?? pods[0];
  return problemOf('job-failed', { title: `${nameOf(job)} failed: ${message}`, words: await lastWords(pod, from) });
}

/** The pods of a job, those that ended too. */
export function podsOf(job: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const { name, namespace = '' } = job.metadata;
  return from.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `batch.kubernetes.io/job-name=${name}` });
}

function nameOf({ metadata }: KubeObject): string {
  return `Job ${metadata.namespace}/${metadata.name}`;
}
