import type { Entry, Journal } from '../../model/journal.ts';

/** Thrown where a fake journal stands for the moment at which the process was killed. */
export class Crash extends Error {
  constructor() {
    super('killed here');
    this.name = 'Crash';
  }
}

/** A journal in memory. `crashAt` kills the run at the n-th record from now: before it is written, or right after. */
export class FakeJournal implements Journal {
  readonly written: Entry[] = [];
  #left = Number.POSITIVE_INFINITY;
  #keeps = true;
  #crashed = false;

  /** @param keeps whether the record at which it is killed still reaches the disk */
  crashAt(record: number, keeps: boolean): void {
    this.#left = record;
    this.#keeps = keeps;
    this.#crashed = false;
  }

  /** Records from here on are written again. */
  revive(): void {
    this.#left = Number.POSITIVE_INFINITY;
    this.#crashed = false;
  }

  async append(entry: Entry): Promise<void> {
    this.#write(entry);
  }

  note(entry: Entry): void {
    this.#write(entry);
  }

  entries(): Promise<readonly Entry[]> {
    return Promise.resolve(this.written);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #write(entry: Entry): void {
    if (this.#crashed) throw new Crash();
    this.#left -= 1;
    if (this.#left > 0 || this.#keeps) this.written.push(entry);
    if (this.#left > 0) return;
    this.#crashed = true;
    throw new Crash();
  }
}
