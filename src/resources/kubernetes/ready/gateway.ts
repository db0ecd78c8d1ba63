import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { listAt } from '../compare/json.ts';
import { idOf, titleOf } from '../id.ts';
import { type Condition, conditionsOf } from './conditions.ts';
import { suspect } from './looking.ts';

/** A Gateway is ready when it is programmed. */
export function gatewayReadiness(gateway: KubeObject): Readiness {
  return byConditions(gateway, conditionsOf(gateway.status), ['Accepted', 'Programmed']);
}

/** A route is ready when each of its parents took it and found what it points to. */
export function routeReadiness(route: KubeObject): Readiness {
  const parents = listAt(route, 'status', 'parents');
  if (parents.length < listAt(route, 'spec', 'parentRefs').length)
    return { is: 'waiting', on: 'its gateway to look at it' };
  const each = parents.map((parent) => byConditions(route, conditionsOf(parent), ['Accepted', 'ResolvedRefs']));
  return each.find(({ is }) => is === 'failed') ?? each.find(({ is }) => is === 'waiting') ?? { is: 'ready' };
}

// A controller may need a moment to see what a route points to: only a plain "not accepted" is final.
const passing: ReadonlySet<string> = new Set([
  'Pending',
  'BackendNotFound',
  'NoMatchingParent',
  'AddressNotAssigned',
  'NoResources',
]);

function byConditions(object: KubeObject, conditions: readonly Condition[], wanted: readonly string[]): Readiness {
  const { generation = 0 } = object.metadata;
  for (const type of wanted) {
    const condition = conditions.find((one) => one.type === type);
    if (!condition || (condition.generation ?? generation) < generation)
      return { is: 'waiting', on: `condition ${type}` };
    if (condition.status === 'True') continue;
    const said = `${type} is ${condition.status}, ${condition.reason}: ${condition.message}`;
    if (condition.status !== 'False' || passing.has(condition.reason))
      return suspect(problem('not-accepted', `${titleOf(idOf(object))}: ${said}`), said);
    return { is: 'failed', why: problem('not-accepted', `${titleOf(idOf(object))}: ${said}`) };
  }
  return { is: 'ready' };
}
