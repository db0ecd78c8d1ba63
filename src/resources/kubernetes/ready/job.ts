import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { at, isFields, listAt, numberAt, textAt } from '../compare/json.ts';
import { findCondition } from './conditions.ts';
import type { Looking } from './looking.ts';
import { lastLines } from './pod-names.ts';
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
  const container = pod ? failedContainer(pod) : undefined;
  const lines = pod && container !== undefined ? await lastLines(pod, container, from) : [];
  // What the program said last tells more than that it failed.
  const said = lines.filter((line) => line.trim() !== '');
  const last = said.at(-1);
  if (last === undefined) return problem('job-failed', `${nameOf(job)} failed: ${message}`);
  return problem('job-failed', last.trim(), { detail: [`${nameOf(job)}: ${message}`, ...said.slice(0, -1)] });
}

function failedContainer(pod: KubeObject): string | undefined {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((list) => listAt(pod, 'status', list));
  const failed = statuses.find(
    (status) =>
      (numberAt(status, 'state', 'terminated', 'exitCode') ??
        numberAt(status, 'lastState', 'terminated', 'exitCode') ??
        0) !== 0,
  );
  return textAt(failed, 'name') ?? textAt(listAt(pod, 'spec', 'containers')[0], 'name');
}

/** The pods of a job, those that ended too. */
export function podsOf(job: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const { name, namespace = '' } = job.metadata;
  return from.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `batch.kubernetes.io/job-name=${name}` });
}

function nameOf({ metadata }: KubeObject): string {
  return `Job ${metadata.namespace}/${metadata.name}`;
}
