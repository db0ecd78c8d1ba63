import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { listAt, textAt } from '../json.ts';
import { findCondition } from './conditions.ts';
import { lastLines, podName, podTrouble, whatHolds } from './pod-trouble.ts';

/** A pod is ready when it serves, or when it ended well. */
export async function podReadiness(pod: KubeObject, from: KubeReader): Promise<Readiness> {
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || findCondition(pod.status, 'Ready')?.status === 'True') return { is: 'ready' };
  if (phase === 'Failed') {
    const container = textAt(listAt(pod, 'spec', 'containers')[0], 'name') ?? '';
    const why = textAt(pod, 'status', 'message') ?? textAt(pod, 'status', 'reason') ?? 'its program failed';
    return {
      is: 'failed',
      why: problem('pod-failed', `${podName(pod)}: ${why}`, { detail: await lastLines(pod, container, from) }),
    };
  }
  const trouble = await podTrouble(pod, from);
  if (trouble) return { is: 'failed', why: trouble };
  return {
    is: 'waiting',
    on: (await whatHolds([pod], from)) ?? (phase === 'Running' ? 'it to be ready' : 'it to start'),
  };
}
