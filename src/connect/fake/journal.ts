import { CairnError, problem } from '../../model/diagnostic.ts';
import { Initially } from '../../model/initially.ts';
import type { Entry, Journal } from '../../model/journal.ts';
import { Secret } from '../../model/secret.ts';

/** Thrown where a fake journal stands for the moment at which the process was killed. */
export class Crash extends Error {
  constructor() {
    super('killed here');
    this.name = 'Crash';
  }
}

/** A journal in memory that kills its process at any record, or fails as a full disk does. */
export class FakeJournal implements Journal {
  readonly written: Entry[] = [];
  #durable = 0;
  #left = Number.POSITIVE_INFINITY;
  #keeps = true;
  #room = Number.POSITIVE_INFINITY;
  #crashed = false;

  /** True from the record on at which it was killed; until `revive` every record is killed too. */
  get crashed(): boolean {
    return this.#crashed;
  }

  /**
   * Kills the run at the n-th record from now, 1 being the next.
   * @param keeps whether the record at which it is killed still reaches the disk
   */
  crashAt(record: number, keeps: boolean): void {
    this.#left = record;
    this.#keeps = keeps;
    this.#crashed = false;
  }

  /** Rejects the n-th record from now, and every one after it. */
  failAt(record: number): void {
    this.#room = record - 1;
  }

  /**
   * Records from here on are written again, by a new process.
   * @param notes whether notes that nothing durable followed had reached the disk
   */
  revive(notes: 'kept' | 'lost' = 'kept'): void {
    this.#left = Number.POSITIVE_INFINITY;
    this.#room = Number.POSITIVE_INFINITY;
    this.#crashed = false;
    if (notes === 'lost') this.written.length = this.#durable;
  }

  async append(entry: Entry): Promise<void> {
    if (!this.#write(entry, true)) {
      throw new CairnError(problem('journal-failed', 'The journal could not be written, so nothing more is changed'));
    }
  }

  note(entry: Entry): void {
    this.#write(entry, false);
  }

  async entries(): Promise<readonly Entry[]> {
    return this.written.map((entry) => copy(entry) as Entry);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #write(entry: Entry, durable: boolean): boolean {
    if (this.#crashed) throw new Crash();
    this.#room -= 1;
    if (this.#room < 0) return false;
    this.#left -= 1;
    if (this.#left > 0 || this.#keeps) this.#push(entry, durable);
    if (this.#left > 0) return true;
    this.#crashed = true;
    throw new Crash();
  }

  #push(entry: Entry, durable: boolean): void {
    this.written.push(copy(entry) as Entry);
    if (durable) this.#durable = this.written.length;
  }
}

// As a file does it: functions are lost, secrets and bytes come back, and nobody changes afterwards what was written.
function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (value instanceof Initially) return new Initially(copy(value.value));
  if (Array.isArray(value)) return value.map(copy);
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined && typeof inner !== 'function');
  return Object.fromEntries(kept.map(([key, inner]) => [key, copy(inner)]));
}
