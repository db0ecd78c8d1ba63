import { exitCodes, type Failure } from '../model/event.ts';
import type { PreparedStep } from '../plan/build.ts';
import { targetOf } from './lost-hosts.ts';
import { exitCodeOf, type StepResult } from './outcome.ts';

/** Hosts that failed in a run, which goes on without them as long as their component allows it. */
export class FailingHosts {
  readonly #targets = new Set<string>();
  readonly #byComponent = new Map<string, number>();
  /** The first failure of all. */
  first: Failure | undefined;

  has(prepared: PreparedStep): boolean {
    return this.#targets.has(targetOf(prepared));
  }

  /** Notes how a turn ended. @returns the failure that ends the run: one too many, or one of another sort */
  add(turn: readonly PreparedStep[], ended: readonly StepResult[]): Failure | undefined {
    for (const [i, { failure }] of ended.entries()) {
      const prepared = turn[i];
      if (!failure || !prepared) continue;
      this.first ??= failure;
      if (!this.#mayFail(prepared, failure)) return failure;
    }
    return undefined;
  }

  #mayFail(prepared: PreparedStep, failure: Failure): boolean {
    const { component, target, maxFailures = 0 } = prepared.compiled.instance;
    if (target.kind !== 'host' || exitCodeOf(failure.causes[0]) !== exitCodes.failed) return false;
    this.#targets.add(targetOf(prepared));
    const count = (this.#byComponent.get(component) ?? 0) + 1;
    this.#byComponent.set(component, count);
    return count <= maxFailures;
  }
}
