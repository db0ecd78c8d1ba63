import type { Intent } from '../model/journal.ts';
import type { CompiledStep } from '../plan/compile.ts';
import type { RunContext, RunState } from './context.ts';

/** Where a write belongs: the step it is made for and the target's id. */
export interface Place {
  readonly step: string;
  readonly target: string;
}

/** Writes down, durably, what is about to happen. The first call of a run also writes that the run has begun. */
export async function intend(
  context: RunContext,
  state: RunState,
  place: Place,
  intents: readonly Intent[],
): Promise<void> {
  const at = context.clock.date();
  if (state.start()) {
    const { run, command, project, selection, undoes } = context;
    context.journal.note({
      is: 'run-started',
      run,
      command,
      playbook: project.playbook,
      inventory: project.inventory,
      selection,
      ...(undoes === undefined ? {} : { undoes }),
      at,
    });
  }
  await context.locks.check(place.target);
  await context.journal.append({ is: 'intent', run: context.run, ...place, intents, at });
}

/** Notes the outcome of a write; needs no disk, since reading settles what is unknown. */
export function noteDone(context: RunContext, place: Place, address: string, outcome: string, after: unknown): void {
  context.journal.note({ is: 'done', run: context.run, ...place, address, outcome, after });
}

/** Why undo will leave what a step makes, if it says so. */
export function keptBy(
  compiled: CompiledStep,
  resource: { readonly handle: { readonly kept: string | undefined } },
): string | undefined {
  const { undo } = compiled.instance.step;
  return resource.handle.kept ?? (undo.is === 'keep' ? undo.why : undefined);
}
