import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { numberAt } from '../compare/json.ts';
import { idOf, titleOf } from '../id.ts';
import { type Condition, findCondition, secondsSince } from './conditions.ts';
import { type Looking, suspect, type Unready } from './looking.ts';

/** Seconds in which something that is missing may still come. */
const grace = 10;

/** `Certificate devpi/web: Ready is False, DoesNotExist: …`. */
export function said(object: KubeObject, { type, status, reason, message }: Condition): string {
  return `${titleOf(idOf(object))}: ${type} is ${status}, ${reason}${message === '' ? '' : `: ${message}`}`;
}

/** True when a condition speaks of the object's newest form. */
export function isOfNow(object: KubeObject, { generation }: Condition): boolean {
  return generation === undefined || generation >= (object.metadata.generation ?? 0);
}

/** Waits for the controller that says which form it has seen; null when it has seen the newest, or never says. */
export function unseen(object: KubeObject): Unready | null {
  const seen = numberAt(object, 'status', 'observedGeneration');
  const isOld = seen !== undefined && seen < (object.metadata.generation ?? 0);
  return isOld ? { is: 'waiting', on: 'its controller to look at it' } : null;
}

/** Ready by one condition; anything else is named at once, and fails when it has stood a while, if `fails` says so. */
export function byCondition(
  object: KubeObject,
  type: string,
  { since, fails = () => false }: Pick<Looking, 'since'> & { readonly fails?: (condition: Condition) => boolean },
): Readiness {
  const condition = findCondition(object.status, type);
  if (!condition || !isOfNow(object, condition)) return { is: 'waiting', on: `condition ${type}` };
  if (condition.status === 'True') return unseen(object) ?? { is: 'ready' };
  return fails(condition) ? afterGrace(object, condition, since) : suspect(notReady(object, condition));
}

/** Trouble that may pass: final once it has stood, since the run wrote last, longer than its grace. */
export function afterGrace(object: KubeObject, condition: Condition, since: number): Unready {
  const why = notReady(object, condition);
  const stood = Math.min(secondsSince(condition.since), (Date.now() - since) / 1000);
  return stood > grace ? { is: 'failed', why } : suspect(why);
}

function notReady(object: KubeObject, condition: Condition): ReturnType<typeof problem> {
  return problem('not-accepted', said(object, condition));
}
