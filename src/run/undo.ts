import { exitCodes, type Outcome, type StepRef } from '../model/event.ts';
import { targetsOf } from '../model/project.ts';
import type { PreparedUndoStep } from '../plan/undo/undo.ts';
import type { RunContext, RunState } from './context.ts';
import { countOutcomes, exitCodeOf, failureOf, noChecks, type RunResult, recapOf, type StepResult } from './outcome.ts';
import { probesOf } from './probes.ts';
import { sideBySide } from './side-by-side.ts';
import { takeBackAll } from './take-back.ts';
import { atOnce, undoTurns } from './undo-turns.ts';

/** Takes things back, newest step first, its hosts side by side. Stops after the first failure; running it again goes on from there. */
export async function executeUndo(
  context: RunContext,
  state: RunState,
  steps: readonly PreparedUndoStep[],
): Promise<RunResult> {
  const results: StepResult[] = [];
  const turns = undoTurns(steps);
  for (const [i, turn] of turns.entries()) {
    const ended = await sideBySide(turn, atOnce(context, turn), (step) => undoStep(context, state, step));
    results.push(...ended);
    const failure = ended.find((result) => result.failure)?.failure;
    if (failure) {
      const notReached = turns.slice(i + 1).flatMap((later) => later.slice(0, 1).map(({ step }) => step));
      return { code: exitCodeOf(failure.causes[0]), recap: recapOf(results), failure, notReached };
    }
    if (turn[0]) await closeProvided(context, state, turn[0]);
  }
  return { code: exitCodes.converged, recap: recapOf(results), notReached: [] };
}

async function undoStep(context: RunContext, state: RunState, step: PreparedUndoStep): Promise<StepResult> {
  const ref: StepRef = { step: step.step, target: step.target };
  const began = context.clock.now();
  context.emit({ type: 'step-started', ...ref });
  const outcomes: Outcome[] = [];
  let failure: StepResult['failure'];
  try {
    await hook(step, 'before');
    await takeBackAll({ context, state, ref }, step.entries, (outcome) => outcomes.push(outcome));
    await hook(step, 'after');
  } catch (error) {
    failure = failureOf(ref, error);
  }
  const ms = context.clock.now() - began;
  context.emit({
    type: 'step-finished',
    ...ref,
    counts: countOutcomes(outcomes),
    checks: noChecks,
    ok: failure === undefined,
    ms,
  });
  return { ...ref, outcomes, checks: noChecks, ...(failure ? { failure } : {}) };
}

async function hook({ compiled, entries }: PreparedUndoStep, when: 'before' | 'after'): Promise<void> {
  const undo = compiled?.instance.step.undo;
  const reach = entries[0]?.reach;
  if (!compiled || undo?.is !== 'hooks' || !reach) return;
  await undo[when]?.({ vars: compiled.instance.vars, ...probesOf(reach) });
}

// When what provides a cluster or a service is taken back, its lock and its pin go with it, and all that was in it.
async function closeProvided(
  { connections, locks, project }: RunContext,
  state: RunState,
  { step }: PreparedUndoStep,
): Promise<void> {
  const targets = new Set(project.instances.flatMap(targetsOf));
  for (const target of targets) {
    if (target.kind === 'host' || target.providedBy !== step) continue;
    const { gone } = await connections.reopen(target);
    if (gone === undefined) continue;
    locks.forget(gone);
    state.gone.add(gone);
  }
}
