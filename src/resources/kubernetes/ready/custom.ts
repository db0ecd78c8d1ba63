import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject } from '../../../model/kube.ts';
import type { ReadyWhen } from '../../../model/ready.ts';
import type { Readiness } from '../../../model/resource.ts';
import { isEqual } from '../compare/json.ts';
import { leavesOf } from '../compare/leaves.ts';
import { listKeysOf } from '../compare/list-keys.ts';
import { idOf, titleOf } from '../id.ts';
import { byCondition, isOfNow, said, unseen } from './by-conditions.ts';
import { findCondition } from './conditions.ts';
import { type Looking, suspect } from './looking.ts';

/** What a step says about when an object is ready, in place of what is known of its kind. */
export function customReadiness(
  object: KubeObject,
  { conditions = {}, fields = {}, failed = {} }: ReadyWhen,
): Readiness {
  const late = unseen(object);
  if (late) return late;
  for (const [type, status] of Object.entries(failed.conditions ?? {})) {
    const condition = findCondition(object.status, type);
    if (condition?.status === status && isOfNow(object, condition)) {
      return { is: 'failed', why: problem('not-accepted', said(object, condition)) };
    }
  }
  for (const [path, values] of Object.entries(failed.fields ?? {})) {
    const value = valueAt(object, path);
    if ([values].flat().some((one) => isEqual(one, value))) return { is: 'failed', why: wrong(object, path, value) };
  }
  for (const [type, status] of Object.entries(conditions)) {
    const condition = findCondition(object.status, type);
    if (!condition || !isOfNow(object, condition)) return { is: 'waiting', on: `condition ${type}` };
    if (condition.status !== status) return suspect(problem('not-accepted', said(object, condition)));
  }
  for (const [path, wanted] of Object.entries(fields)) {
    const value = valueAt(object, path);
    if (!isEqual(value, wanted)) return suspect(wrong(object, path, value));
  }
  return { is: 'ready' };
}

/** Objects of kinds that others defined: by the conditions that most of their controllers write, if there are any. */
export function unknownReadiness(object: KubeObject, looking: Looking): Readiness {
  const stalled = findCondition(object.status, 'Stalled');
  if (stalled?.status === 'True' && isOfNow(object, stalled)) {
    return { is: 'failed', why: problem('not-accepted', said(object, stalled)) };
  }
  const ready = findCondition(object.status, 'Ready');
  return ready ? byCondition(object, 'Ready', looking) : (unseen(object) ?? { is: 'ready' });
}

function wrong(object: KubeObject, path: string, value: unknown): ReturnType<typeof problem> {
  const is = value === undefined ? 'not there' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return problem('not-ready-field', `${titleOf(idOf(object))}: ${path} is ${is}`);
}

function valueAt(object: KubeObject, path: string): unknown {
  return leavesOf(object, listKeysOf(object)).find((leaf) => leaf.path === path)?.after;
}
