import type { Intent } from '../model/journal.ts';
import type { CompiledStep } from '../plan/compile.ts';
import type { RunContext, RunState } from './context.ts';

/** Where a write belongs: the step it is made for and the target's id. */
export interface Place {
  readonly step: string;
  readonly target: string;
}

/** Writes down that the run has begun, once, before the first thing that it does. */
export function begin(context: RunContext, state: RunState): void {
  if (!state.start()) return;
  const { run, command, project, selection, undoes, clock } = context;
  context.journal.note({
    is: 'run-started',
    run,
    command,
    playbook: project.playbook,
    inventory: project.inventory,
    selection,
    ...(undoes === undefined ? {} : { undoes }),
    at: clock.date(),
  });
}

/** Writes down, durably, what is about to happen. */
export async function intend(
  context: RunContext,
  state: RunState,
  place: Place,
  intents: readonly Intent[],
): Promise<void> {
  begin(context, state);
  await context.locks.check(place.target);
  await context.journal.append({ is: 'intent', run: context.run, ...place, intents, at: context.clock.date() });
}

/** Notes the outcome of a write; needs no disk, since reading settles what is unknown. */
export function noteDone(context: RunContext, place: Place, address: string, outcome: string, after: unknown): void {
  context.journal.note({ is: 'done', run: context.run, ...place, address, outcome, after });
}

/** Why undo will leave what a step makes, if it says so. */
export function keptBy(compiled: CompiledStep, resource: { readonly kept: string | undefined }): string | undefined {
  const { undo } = compiled.instance.step;
  return resource.kept ?? (undo.is === 'keep' ? undo.why : undefined);
}
