import type { KubeObject } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { afterGrace, byCondition, unseen } from './by-conditions.ts';
import { findCondition } from './conditions.ts';
import type { Looking } from './looking.ts';

/** An autoscaler is ready when it finds what it scales and the figures to do it by. */
export function autoscalerReadiness(autoscaler: KubeObject, looking: Looking): Readiness {
  const able = findCondition(autoscaler.status, 'AbleToScale');
  if (able?.status === 'False') return afterGrace(autoscaler, able, looking.since);
  const active = findCondition(autoscaler.status, 'ScalingActive');
  if (active?.reason === 'ScalingDisabled') return { is: 'ready' };
  // Figures of new pods take a minute; a cluster that has nobody to ask for them never will.
  const fails = ({ message }: { readonly message: string }): boolean =>
    /could not find the requested resource|unable to handle the request/.test(message);
  return unseen(autoscaler) ?? byCondition(autoscaler, 'ScalingActive', { ...looking, fails });
}

/** A disruption budget is ready when its controller has counted for it. */
export function budgetReadiness(budget: KubeObject, looking: Looking): Readiness {
  const allowed = findCondition(budget.status, 'DisruptionAllowed');
  if (!allowed) return { is: 'waiting', on: 'its controller to look at it' };
  if (allowed.reason === 'SyncFailed') return afterGrace(budget, allowed, looking.since);
  return unseen(budget) ?? { is: 'ready' };
}
