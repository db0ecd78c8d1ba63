import { isDeepStrictEqual } from 'node:util';
import type { FakeKube } from '../../src/connect/fake/kube.ts';
import type { KubeObject } from '../../src/model/kube.ts';
import { idOf } from '../../src/resources/kubernetes/id.ts';

const group = 'gateway.networking.k8s.io/';
const isTrue = (type: string) => ({ type, status: 'True', reason: type });

/** Stands in for a controller of Gateway API: takes every Gateway, and every route for each of its parents. */
export function attendGateways(kube: FakeKube): void {
  for (const object of kube.snapshot(group)) {
    const status = statusOf(object);
    if (status && !isDeepStrictEqual(status, object.status))
      kube.edit(idOf(object), 'gateway-controller', (live) => ({ ...live, status }), 'status');
  }
}

function statusOf({ kind, spec }: KubeObject): object | null {
  if (kind === 'Gateway') return { conditions: [isTrue('Accepted'), isTrue('Programmed')] };
  if (kind !== 'HTTPRoute') return null;
  const { parentRefs = [] } = spec as { readonly parentRefs?: readonly object[] };
  const conditions = [isTrue('Accepted'), isTrue('ResolvedRefs')];
  return { parents: parentRefs.map((parentRef) => ({ parentRef, conditions })) };
}
