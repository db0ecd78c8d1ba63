import type { Holder } from '../model/journal.ts';
import type { KubeObject, ObjectRef } from '../model/kube.ts';
import type { Held } from './locked.ts';

/** Where the lock of a cluster lies. */
export const leaseRef = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'kube-system',
  name: 'cairn',
} as const satisfies ObjectRef;

/** Milliseconds between signs of life, and without one until a holder elsewhere counts as gone. */
export const heartbeat = 10_000;
export const patience = 60_000;

const holderKey = 'cairn.dev/holder';

interface LeaseSpec {
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** The Lease as its holder writes it. Without a resourceVersion it must not exist yet. */
export function leaseOf({ holder, since }: Held, token: number, resourceVersion: string | undefined): KubeObject {
  const { apiVersion, kind, namespace, name } = leaseRef;
  const guard = resourceVersion === undefined ? {} : { resourceVersion };
  return {
    apiVersion,
    kind,
    metadata: { namespace, name, annotations: { [holderKey]: JSON.stringify(holder) }, ...guard },
    spec: {
      holderIdentity: `${holder.host}/${holder.pid}/${holder.run}`,
      leaseDurationSeconds: patience / 1000,
      leaseTransitions: token,
      acquireTime: microTime(since),
      renewTime: microTime(new Date().toISOString()),
    },
  };
}

// Kubernetes' MicroTime has six digits.
function microTime(iso: string): string {
  return iso.replace(/(\.\d{3})Z$/, '$1000Z');
}

/** Who holds it; undefined when that can't be read from it. */
export function heldIn(lease: KubeObject): Held | undefined {
  const text = lease.metadata.annotations?.[holderKey];
  if (text === undefined) return undefined;
  try {
    return { holder: JSON.parse(text) as Holder, since: specOf(lease).acquireTime ?? 'long ago' };
  } catch {
    return undefined;
  }
}

/** How often it changed hands: the fencing token. 0 when there is none. */
export function tokenOf(lease: KubeObject | null): number {
  return lease ? (specOf(lease).leaseTransitions ?? 0) : 0;
}

/** True when its last sign of life, by the clocks of two machines, is neither recent nor yet to come. */
export function looksAbandoned(lease: KubeObject): boolean {
  const age = Date.now() - Date.parse(specOf(lease).renewTime ?? '');
  return !(Math.abs(age) <= patience);
}

function specOf(lease: KubeObject): LeaseSpec {
  return (lease.spec ?? {}) as LeaseSpec;
}
