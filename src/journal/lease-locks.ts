import type { Holder, Lock, Locks } from '../model/journal.ts';
import type { KubeObject, KubeWriter } from '../model/kube.ts';
import { stateOf } from './holder.ts';
import { heartbeat, heldIn, leaseOf, leaseRef, looksAbandoned, patience, tokenOf } from './lease.ts';
import { type Held, lockedBy, lockLost } from './locked.ts';

const poll = 250;
const mostPolls = 120;

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
    const held: Held = { holder, since: new Date().toISOString() };
    for (;;) {
      const found = await this.#whenNotGoing();
      const before = found && heldIn(found);
      if (before && !(await this.#isGone(before, found))) throw lockedBy(before, this.#target);
      const { resourceVersion } = found?.metadata ?? {};
      const written = await this.#kube.apply(leaseOf(held, tokenOf(found) + 1, resourceVersion));
      if (written.is === 'written' && written.object) {
        return new HeldLease({ kube: this.#kube, target: this.#target, held }, written.object);
      }
    }
  }

  // One that is being deleted was given back, but until it is gone it can't be taken.
  async #whenNotGoing(): Promise<KubeObject | null> {
    for (let polls = 0; ; polls += 1) {
      const found = await this.#kube.get(leaseRef);
      if (!found?.metadata.deletionTimestamp) return found;
      const before = heldIn(found);
      if (before && polls === mostPolls) {
        throw lockedBy(before, this.#target, 'its Lease kube-system/cairn is being deleted; look at its finalizers');
      }
      await sleep(poll);
    }
  }

  async #isGone({ holder }: Held, lease: KubeObject): Promise<boolean> {
    const state = stateOf(holder);
    if (state === 'alive') return false;
    if (state === 'dead') return true;
    if (!looksAbandoned(lease)) return false;
    // The clocks of two machines may differ by more than our patience: only a heartbeat that fails to come is proof.
    await sleep(2 * heartbeat);
    const now = await this.#kube.get(leaseRef);
    return now === null || now.metadata.resourceVersion === lease.metadata.resourceVersion;
  }
}

interface Place {
  readonly kube: KubeWriter;
  readonly target: string;
  readonly held: Held;
}

class HeldLease implements Lock {
  readonly #place: Place;
  readonly #timer: NodeJS.Timeout;
  #lease: KubeObject;
  #renewed = Date.now();
  #lost = false;
  #renewing: Promise<void> = Promise.resolve();

  constructor(place: Place, lease: KubeObject) {
    this.#place = place;
    this.#lease = lease;
    this.#timer = setInterval(() => void this.#renew(), heartbeat).unref();
  }

  // The last sign of life of a process that slept is old: then the cluster is asked before the next write.
  async check(): Promise<void> {
    if (this.#age() > 2 * heartbeat) await this.#renew();
    if (this.#lost || this.#age() > patience - 2 * heartbeat) throw lockLost(this.#place.target);
  }

  // Renewed first: whoever took it over meanwhile keeps it, since a takeover doesn't change the UID.
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renew();
    const { uid } = this.#lease.metadata;
    if (this.#lost || uid === undefined) return;
    const remove = (): Promise<unknown> => this.#place.kube.remove(leaseRef, uid);
    // Left behind, it would hold up the next run for a minute: a refusal is answered once.
    await remove().catch(remove);
  }

  abandon(): void {
    clearInterval(this.#timer);
    this.#lost = true;
  }

  /** Milliseconds; a clock that went back makes it old, not young. */
  #age(): number {
    const age = Date.now() - this.#renewed;
    return age < 0 ? Number.POSITIVE_INFINITY : age;
  }

  // One after the other: two at once would take each other for a stranger.
  #renew(): Promise<void> {
    this.#renewing = this.#renewing.then(() => this.#renewOnce());
    return this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    if (this.#lost) return;
    const { kube, held } = this.#place;
    const began = Date.now();
    try {
      const lease = leaseOf(held, tokenOf(this.#lease), this.#lease.metadata.resourceVersion);
      const written = await kube.apply(lease);
      const now = written.is === 'written' ? written.object : written.is === 'conflict' ? written.now : null;
      // A conflict with ourselves is an answer to an earlier heartbeat that got lost.
      if (!now || !this.#isOurs(now)) this.#lost = true;
      else {
        this.#lease = now;
        this.#renewed = began;
      }
    } catch {
      // Not renewed is not lost: `check` decides when the patience of others would be at its end.
    }
  }

  #isOurs(lease: KubeObject): boolean {
    const holder = heldIn(lease)?.holder;
    const { pid, started, bootId, run } = this.#place.held.holder;
    const same = holder?.pid === pid && holder.started === started && holder.bootId === bootId && holder.run === run;
    return same && tokenOf(lease) === tokenOf(this.#lease);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
