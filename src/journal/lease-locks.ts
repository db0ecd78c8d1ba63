import type { Holder, Lock, Locks } from '../model/journal.ts';
import type { KubeObject, KubeWriter } from '../model/kube.ts';
import { stateOf } from './holder.ts';
import { lockedBy, lockLost } from './locked.ts';

const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-system', name: 'cairn' };
const holderKey = 'cairn.dev/holder';
const heartbeat = 10_000;
const patience = 60_000;

/** The lock of a cluster: a Lease, guarded by its resourceVersion; gone again when it is given back. */
export class LeaseLocks implements Locks {
  readonly #kube: KubeWriter;
  readonly #target: string;

  /** @param target for people */
  constructor(kube: KubeWriter, target: string) {
    this.#kube = kube;
    this.#target = target;
  }

  async acquire(holder: Holder): Promise<Lock> {
    for (;;) {
      const found = await this.#kube.get(ref);
      const before = found ? holderIn(found) : undefined;
      if (found && before && !isGivenUp(before, found)) throw lockedBy(before, this.#target);
      const written = await this.#kube.apply(
        leaseOf(holder, transitionsOf(found) + 1, found?.metadata.resourceVersion),
      );
      if (written.is === 'written' && written.object)
        return new HeldLease(this.#kube, this.#target, holder, written.object);
    }
  }
}

class HeldLease implements Lock {
  readonly #kube: KubeWriter;
  readonly #target: string;
  readonly #holder: Holder;
  readonly #timer: NodeJS.Timeout;
  #lease: KubeObject;
  #renewed = Date.now();
  #lost = false;

  constructor(kube: KubeWriter, target: string, holder: Holder, lease: KubeObject) {
    this.#kube = kube;
    this.#target = target;
    this.#holder = holder;
    this.#lease = lease;
    this.#timer = setInterval(() => void this.#renew(), heartbeat).unref();
  }

  // The heartbeat of a process that slept is old: then the cluster is asked before the next write.
  async check(): Promise<void> {
    if (Date.now() - this.#renewed > 2 * heartbeat) await this.#renew();
    if (this.#lost || Date.now() - this.#renewed > patience) throw lockLost(this.#target);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    const { uid } = this.#lease.metadata;
    if (!this.#lost && uid !== undefined) await this.#kube.remove(ref, uid);
  }

  async #renew(): Promise<void> {
    const { resourceVersion } = this.#lease.metadata;
    try {
      const written = await this.#kube.apply(leaseOf(this.#holder, transitionsOf(this.#lease), resourceVersion));
      if (written.is !== 'written' || !written.object) this.#lost = true;
      else {
        this.#lease = written.object;
        this.#renewed = Date.now();
      }
    } catch {
      // Not renewed is not lost: `check` decides when the patience of others would be at its end.
    }
  }
}

function leaseOf(holder: Holder, transitions: number, resourceVersion: string | undefined): KubeObject {
  const { namespace, name, ...kind } = ref;
  return {
    ...kind,
    metadata: {
      namespace,
      name,
      annotations: { [holderKey]: JSON.stringify(holder) },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    spec: {
      holderIdentity: `${holder.host}/${holder.pid}/${holder.run}`,
      leaseDurationSeconds: patience / 1000,
      leaseTransitions: transitions,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    },
  };
}

function holderIn({ metadata }: KubeObject): Holder | undefined {
  const text = metadata.annotations?.[holderKey];
  return text === undefined ? undefined : (JSON.parse(text) as Holder);
}

function isGivenUp(holder: Holder, lease: KubeObject): boolean {
  const state = stateOf(holder);
  if (state !== 'elsewhere') return state === 'dead';
  const { renewTime } = lease.spec as { renewTime?: string };
  return renewTime === undefined || Date.now() - Date.parse(renewTime) > patience;
}

function transitionsOf(lease: KubeObject | null): number {
  return Number((lease?.spec as { leaseTransitions?: number } | undefined)?.leaseTransitions ?? 0);
}
