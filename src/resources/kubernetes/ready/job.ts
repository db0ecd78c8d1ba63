import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { isFields, listAt, numberAt, textAt } from '../json.ts';
import { findCondition } from './conditions.ts';
import { warningsOf } from './events.ts';
import { lastLines, podTrouble, whatHolds } from './pod-trouble.ts';

/** A job is ready when it completed; a failed one shows the last lines of the pod that failed. */
export async function jobReadiness(job: KubeObject, from: KubeReader): Promise<Readiness> {
  if (findCondition(job.status, 'Complete')?.status === 'True') return { is: 'ready' };
  const failed = failureOf(job);
  const pods = await podsOf(job, from);
  if (failed !== null) return { is: 'failed', why: await jobFailure(job, failed, { pods, from }) };
  for (const pod of pods) {
    const trouble = await podTrouble(pod, from);
    // It may crash as often as its backoffLimit says.
    if (trouble && trouble.code !== 'crash-loop') return { is: 'failed', why: trouble };
  }
  const refused =
    pods.length === 0 ? (await warningsOf(job, from)).find((one) => one.startsWith('FailedCreate')) : undefined;
  if (refused !== undefined)
    return { is: 'failed', why: problem('pods-refused', `${nameOf(job)}: its pods are refused: ${refused}`) };
  return { is: 'waiting', on: (await whatHolds(pods, from)) ?? (pods.length === 0 ? 'its pod' : 'its end') };
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

function podsOf(job: KubeObject, from: KubeReader): Promise<readonly KubeObject[]> {
  const { name, namespace = '' } = job.metadata;
  return from.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `batch.kubernetes.io/job-name=${name}` });
}

function nameOf({ metadata }: KubeObject): string {
  return `Job ${metadata.namespace}/${metadata.name}`;
}
