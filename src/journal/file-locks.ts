import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Holder, Lock, Locks } from '../model/journal.ts';
import { stateOf } from './holder.ts';
import { lockedBy, lockLost } from './locked.ts';

type Record = { readonly free: true } | Holder;

/**
 * The lock of something on this machine: numbered files in a folder, of which the highest counts. Each is made by `link`,
 * which only one process can win, and the number is the fencing token: whoever finds a higher one has lost the lock.
 */
export class FileLocks implements Locks {
  readonly #folder: string;
  readonly #target: string;

  /** @param target for people */
  constructor(folder: string, target: string) {
    this.#folder = folder;
    this.#target = target;
  }

  acquire(holder: Holder): Promise<Lock> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (;;) {
      const last = this.#highest();
      const record = last === 0 ? undefined : this.#read(last);
      if (record && !('free' in record) && stateOf(record) !== 'dead')
        return Promise.reject(lockedBy(record, this.#target));
      const mine = last + 1;
      if (!this.#make(mine, holder)) continue;
      if (this.#highest() === mine) return Promise.resolve(this.#held(mine));
      rmSync(this.#path(mine), { force: true });
    }
  }

  #held(mine: number): Lock {
    return {
      check: () => (this.#highest() === mine ? Promise.resolve() : Promise.reject(lockLost(this.#target))),
      release: () => {
        if (this.#highest() === mine && this.#make(mine + 1, { free: true })) this.#sweep(mine);
        return Promise.resolve();
      },
    };
  }

  #make(number: number, record: Record): boolean {
    const fresh = join(this.#folder, `.${randomBytes(8).toString('hex')}`);
    writeFileSync(fresh, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(fresh, this.#path(number));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(fresh);
    }
  }

  // Only numbers below the highest are ever removed, so a latecomer always sees that it is late.
  #sweep(upTo: number): void {
    for (const number of this.#numbers()) if (number <= upTo) rmSync(this.#path(number), { force: true });
  }

  #highest(): number {
    return Math.max(0, ...this.#numbers());
  }

  #numbers(): readonly number[] {
    return readdirSync(this.#folder).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  }

  #read(number: number): Record | undefined {
    try {
      return JSON.parse(readFileSync(this.#path(number), 'utf8')) as Record;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #path(number: number): string {
    return join(this.#folder, String(number));
  }
}
