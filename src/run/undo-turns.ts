import type { PreparedUndoStep } from '../plan/undo/undo.ts';
import type { RunContext } from './context.ts';

/** What is given back side by side, in order: neighbours of one step, each on its own host. */
export function undoTurns(steps: readonly PreparedUndoStep[]): readonly (readonly PreparedUndoStep[])[] {
  const turns: PreparedUndoStep[][] = [];
  for (const step of steps) {
    const last = turns.at(-1);
    if (last && last[0]?.step === step.step) last.push(step);
    else turns.push([step]);
  }
  return turns;
}

/** How many of a turn are at work at once: where a component goes in batches, not all of its hosts may be without it at once. */
export function atOnce({ options }: Pick<RunContext, 'options'>, turn: readonly PreparedUndoStep[]): number {
  return turn.some(({ compiled }) => compiled?.instance.serial) ? 1 : options.concurrency;
}
