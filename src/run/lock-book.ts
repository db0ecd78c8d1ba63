import type { OpenTarget } from '../model/connections.ts';
import type { Holder, Lock } from '../model/journal.ts';

/** The locks of one run: each target's once, all given back together. */
export class LockBook {
  readonly #holder: Holder;
  readonly #held = new Map<string, Lock>();

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  /** @throws CairnError `locked`, naming who holds it */
  async take(target: OpenTarget): Promise<void> {
    if (this.#held.has(target.id)) return;
    this.#held.set(target.id, await target.locks.acquire(this.#holder));
  }

  /** @throws CairnError `lock-lost` when somebody else took it meanwhile */
  async check(targetId: string): Promise<void> {
    await this.#held.get(targetId)?.check();
  }

  /** Gives a target's lock up without telling it: the target is gone. */
  forget(targetId: string): void {
    this.#held.get(targetId)?.abandon();
    this.#held.delete(targetId);
  }

  async release(): Promise<void> {
    const held = [...this.#held.values()];
    this.#held.clear();
    await Promise.allSettled(held.map((lock) => lock.release()));
  }
}
