import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Holder, Lock, Locks } from '../model/journal.ts';
import { stateOf } from './holder.ts';
import { type Held, lockedBy, lockLost } from './locked.ts';

type LockRecord = { readonly free: true } | Held;

const oldEnough = 60_000;

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

  async acquire(holder: Holder): Promise<Lock> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (;;) {
      const last = this.#highest();
      this.#refuseHeld(this.#read(last));
      const mine = last + 1;
      if (!this.#make(mine, { holder, since: new Date().toISOString() })) continue;
      // A number below the highest was free because it had been swept: we came too late.
      if (this.#highest() === mine) return this.#held(mine);
      rmSync(this.#path(mine), { force: true });
    }
  }

  #refuseHeld(record: LockRecord | undefined): void {
    if (!record || 'free' in record) return;
    const state = stateOf(record.holder);
    if (state === 'alive') throw lockedBy(record, this.#target);
    if (state === 'elsewhere') {
      throw lockedBy(
        record,
        this.#target,
        `wait for it to end; if ${record.holder.host} is gone, remove ${this.#folder}`,
      );
    }
  }

  #held(mine: number): Lock {
    return {
      check: async () => {
        if (this.#highest() !== mine) throw lockLost(this.#target);
      },
      release: async () => {
        if (this.#highest() === mine && this.#make(mine + 1, { free: true })) this.#sweep(mine);
      },
      abandon: () => {},
    };
  }

  #make(number: number, record: LockRecord): boolean {
    const fresh = join(this.#folder, `.${randomBytes(8).toString('hex')}`);
    writeFileSync(fresh, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(fresh, this.#path(number));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(fresh, { force: true });
    }
  }

  // Only numbers below the highest are ever removed, so a latecomer always sees that it is late.
  #sweep(upTo: number): void {
    for (const number of this.#numbers()) if (number <= upTo) rmSync(this.#path(number), { force: true });
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      const made = name.startsWith('.') ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
      if (made !== undefined && Date.now() - made > oldEnough) rmSync(path, { force: true });
    }
  }

  #highest(): number {
    return Math.max(0, ...this.#numbers());
  }

  #numbers(): readonly number[] {
    return names(this.#folder).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  }

  // Records are whole before they get their name: one that can't be read was lost in a power cut, and its holder with it.
  #read(number: number): LockRecord | undefined {
    try {
      return JSON.parse(readFileSync(this.#path(number), 'utf8')) as LockRecord;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #path(number: number): string {
    return join(this.#folder, String(number));
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
