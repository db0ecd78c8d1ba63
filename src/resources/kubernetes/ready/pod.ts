import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { listAt, textAt } from '../compare/json.ts';
import { findCondition } from './conditions.ts';
import type { Looking } from './looking.ts';
import { lastLines, podName } from './pod-names.ts';
import { podTrouble } from './pod-trouble.ts';

/** A pod is ready when it serves, or when it ended well. */
export async function podReadiness(pod: KubeObject, looking: Looking): Promise<Readiness> {
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || findCondition(pod.status, 'Ready')?.status === 'True') return { is: 'ready' };
  if (phase === 'Failed') {
    const container = textAt(listAt(pod, 'spec', 'containers')[0], 'name') ?? '';
    const why = textAt(pod, 'status', 'message') ?? textAt(pod, 'status', 'reason') ?? 'its program failed';
    const detail = await lastLines(pod, container, looking.from);
    return { is: 'failed', why: problem('pod-failed', `${podName(pod)}: ${why}`, { detail }) };
  }
  const waiting = { is: 'waiting', on: phase === 'Running' ? 'it to be ready' : 'it to start' } as const;
  return (await podTrouble(pod, looking)) ?? waiting;
}
