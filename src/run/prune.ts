import type { Outcome } from '../model/event.ts';
import type { PreparedUndoStep } from '../plan/undo/undo.ts';
import type { RunContext, RunState } from './context.ts';
import { countOutcomes, failureOf, noChecks, type StepResult } from './outcome.ts';
import { takeBackAll } from './take-back.ts';

/** Gives back what a step no longer declares. Where nothing of it changes, nothing is said. */
export async function prune(
  context: RunContext,
  state: RunState,
  { step, target, entries }: PreparedUndoStep,
): Promise<StepResult> {
  const ref = { step, target };
  const began = context.clock.now();
  context.emit({ type: 'step-started', ...ref });
  const outcomes: Outcome[] = [];
  let failure: StepResult['failure'];
  try {
    await takeBackAll({ context, state, ref }, entries, (outcome) => outcomes.push(outcome));
  } catch (error) {
    failure = failureOf(ref, error);
  }
  const ok = failure === undefined;
  const ms = context.clock.now() - began;
  context.emit({ type: 'step-finished', ...ref, counts: countOutcomes(outcomes), checks: noChecks, ok, ms });
  return { ...ref, outcomes, checks: noChecks, ...(failure ? { failure } : {}) };
}
