import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { faults } from '../rig/faults/faults.ts';
import type { Strike, Trial } from '../rig/faults/scenario.ts';

/** What came of a fault at a request. */
export interface Tried {
  readonly trial: Pick<Trial, 'fault' | 'struck' | 'failed' | 'wrong'>;
  readonly strike: Strike;
}

/** Trials of earlier runs, one a line, and those of this one. */
export class Results {
  readonly #file: string | undefined;
  readonly #known = new Map<string, Map<string, Tried>>();

  /** @param file made when it isn't there; without one nothing is kept */
  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const { name, on, ...trial } = JSON.parse(line);
      const fault = faults.find((one) => one.name === trial.fault);
      if (fault) this.#keep(name, { trial, strike: { fault, on } });
    }
  }

  of(name: string): readonly Tried[] {
    return [...(this.#known.get(name)?.values() ?? [])];
  }

  has(name: string, strike: Strike): boolean {
    return this.#known.get(name)?.has(keyOf(strike)) ?? false;
  }

  add(name: string, { fault, struck, failed, wrong }: Trial, strike: Strike): void {
    const trial = { fault, struck, failed, wrong };
    this.#keep(name, { trial, strike });
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify({ name, on: strike.on, ...trial })}\n`);
  }

  #keep(name: string, tried: Tried): void {
    const known = this.#known.get(name) ?? new Map<string, Tried>();
    this.#known.set(name, known.set(keyOf(tried.strike), tried));
  }
}

function keyOf({ fault, on }: Strike): string {
  return `${fault.name} at ${on.key} ${on.nth}`;
}
