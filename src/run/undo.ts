import { CairnError, problem } from '../model/diagnostic.ts';
import { exitCodes, type Outcome, type StepRef } from '../model/event.ts';
import type { Intent } from '../model/journal.ts';
import { isPending } from '../model/plan.ts';
import { writerFor } from '../plan/access.ts';
import type { PreparedUndo, PreparedUndoStep } from '../plan/undo.ts';
import { heed, type RunContext, type RunState } from './context.ts';
import { ResourceFailure } from './converge.ts';
import { begin, intend, noteDone } from './journaled.ts';
import { countOutcomes, exitCodeOf, failureOf, noChecks, type RunResult, recapOf, type StepResult } from './outcome.ts';
import { probesOf } from './probes.ts';
import { undoLevels } from './undo-levels.ts';

/** Takes things back, newest first. Stops at the first failure; running it again goes on from there. */
export async function executeUndo(
  context: RunContext,
  state: RunState,
  steps: readonly PreparedUndoStep[],
): Promise<RunResult> {
  const results: StepResult[] = [];
  for (const [i, step] of steps.entries()) {
    const result = await undoStep(context, state, step);
    results.push(result);
    if (result.failure) {
      const notReached = steps.slice(i + 1).map((later) => later.step);
      return {
        code: exitCodeOf(result.failure.causes[0]),
        recap: recapOf(results),
        failure: result.failure,
        notReached,
      };
    }
    await closeProvided(context, step);
  }
  return { code: exitCodes.converged, recap: recapOf(results), notReached: [] };
}

async function undoStep(context: RunContext, state: RunState, step: PreparedUndoStep): Promise<StepResult> {
  const ref: StepRef = { step: step.step, target: step.entries[0]?.change.target ?? '' };
  const began = context.clock.now();
  context.emit({ type: 'step-started', ...ref });
  const outcomes: Outcome[] = [];
  let failure: StepResult['failure'];
  try {
    await hook(step, 'before');
    for (const level of undoLevels(step.entries)) {
      heed(context.signal);
      outcomes.push(...(await undoLevel(context, state, ref, level)));
    }
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

async function undoLevel(
  context: RunContext,
  state: RunState,
  ref: StepRef,
  level: readonly PreparedUndo[],
): Promise<readonly Outcome[]> {
  const pending = level.filter(({ change }) => isPending(change));
  for (const [target, group] of Map.groupBy(pending, ({ entry }) => entry.target)) {
    await intend(context, state, { step: ref.step, target }, group.map(intentOf));
  }
  const settled = await Promise.allSettled(level.map((undo) => takeBack(context, state, ref, undo)));
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function intentOf({ entry, type, live, before }: PreparedUndo): Intent {
  return {
    type: type.name,
    typeVersion: type.version,
    address: entry.address,
    title: entry.title,
    id: entry.id,
    before: live === null ? null : type.codec.encode(live),
    want: before === null ? null : type.codec.encode(before),
  };
}

async function takeBack(context: RunContext, state: RunState, ref: StepRef, undo: PreparedUndo): Promise<Outcome> {
  const { entry, change } = undo;
  const began = context.clock.now();
  if (isPending(change)) context.emit({ type: 'resource-started', ...ref, title: change.title });
  const outcome = await restoreOne(context, ref, undo).catch((error: unknown) => {
    throw new ResourceFailure(change.title, error);
  });
  // What is found as it was is taken back, too: the journal must not go on offering it.
  if (outcome !== 'kept') {
    begin(context, state);
    noteDone(context, { step: ref.step, target: entry.target }, entry.address, outcome, null);
  }
  if (isPending(change)) state.changed.push({ title: change.title, outcome });
  const why = change.why === undefined ? {} : { why: change.why };
  const ms = context.clock.now() - began;
  context.emit({
    type: 'resource-finished',
    ...ref,
    title: change.title,
    address: entry.address,
    outcome,
    fields: change.fields,
    ...why,
    ms,
  });
  return outcome;
}

async function restoreOne(context: RunContext, ref: StepRef, undo: PreparedUndo): Promise<Outcome> {
  const { change, type, id, reach, before, live } = undo;
  if (change.verb === 'kept') return 'kept';
  if (change.verb === 'refused')
    throw new CairnError(change.problem ?? problem('refused', `${change.title} is refused`));
  if (!isPending(change)) return 'unchanged';
  const progress = (line: string): void => context.emit({ type: 'progress', ...ref, title: change.title, line });
  const written = await type.restore({ id, before, live }, writerFor(type.on, reach, progress));
  if (written.is === 'moved') {
    throw new CairnError(
      problem('moved', `${change.title} was changed by somebody else since the undo plan was made`, {
        help: 'plan the undo again and look at the difference',
      }),
    );
  }
  return before === null ? 'removed' : live === null ? 'created' : 'updated';
}

// When what provides a cluster is taken back, its lock goes with it and its pin is forgotten.
async function closeProvided({ connections, locks, project }: RunContext, { step }: PreparedUndoStep): Promise<void> {
  for (const { cluster } of project.instances) {
    if (cluster?.providedBy !== step) continue;
    const before = await connections.open(cluster);
    const after = await connections.reopen(cluster);
    if (before.is === 'open' && after.is !== 'open') locks.forget(before.id);
  }
}
