import { exitCodes, type Failure, type Outcome, type StepRef } from '../model/event.ts';
import { isPending } from '../model/plan.ts';
import { targetsOf } from '../model/project.ts';
import { type BuiltPlan, type PreparedStep, reachOf } from '../plan/build.ts';
import type { CompiledStep } from '../plan/compile.ts';
import { runChecks } from './checks.ts';
import { heed, type RunContext, type RunState } from './context.ts';
import { converge } from './converge.ts';
import { keepEvidenceOfStep } from './evidence.ts';
import { FailingHosts } from './failing-hosts.ts';
import { HostGuard } from './guard.ts';
import { countOutcomes, exitCodeOf, failureOf, noChecks, type RunResult, recapOf, type StepResult } from './outcome.ts';
import { prune } from './prune.ts';
import { sideBySide } from './side-by-side.ts';
import { turnsOf } from './turns.ts';
import { atOnce, undoTurns } from './undo-turns.ts';
import { viewOf, type WriteScope } from './write.ts';

/**
 * Makes a plan true: steps in order, the targets of a step side by side; at the end what no step declares any more goes,
 * when all that takes its place is ready. Stops after the first step that fails, or when more hosts fail than may.
 */
export async function execute(
  context: RunContext,
  state: RunState,
  { steps, dropped }: Pick<BuiltPlan, 'steps' | 'dropped'>,
): Promise<RunResult> {
  const turns = turnsOf(steps);
  const results: StepResult[] = [];
  const failing = new FailingHosts();
  for (const [i, turn] of turns.entries()) {
    const group = turn.filter((prepared) => !failing.has(prepared));
    const ended = await sideBySide(group, context.options.concurrency, (prepared) => runStep(context, state, prepared));
    results.push(...ended);
    const failure = failing.add(group, ended);
    if (failure) return failed(results, failure, idsOf(turns.slice(i + 1)));
    for (const id of idsOf([group])) await openProvided(context, state, id, steps);
  }
  if (failing.first) return failed(results, failing.first, []);
  for (const turn of undoTurns(dropped)) {
    const ended = await sideBySide(turn, atOnce(context, turn), (step) => prune(context, state, step));
    results.push(...ended);
    const failure = ended.find((result) => result.failure)?.failure;
    if (failure) return failed(results, failure, []);
  }
  return { code: exitCodes.converged, recap: recapOf(results), notReached: [] };
}

function idsOf(turns: readonly (readonly PreparedStep[])[]): readonly string[] {
  return [...new Set(turns.flatMap((turn) => turn.map(({ compiled }) => compiled.instance.id)))];
}

function failed(results: readonly StepResult[], failure: Failure, notReached: readonly string[]): RunResult {
  return { code: exitCodeOf(failure.causes[0]), recap: recapOf(results), failure, notReached };
}

/** Reports and carries out one step on one target; failures become part of the result. */
async function runStep(context: RunContext, state: RunState, prepared: PreparedStep): Promise<StepResult> {
  const ref = refOf(prepared.compiled);
  const began = context.clock.now();
  context.emit({ type: 'step-started', ...ref });
  const outcomes = new Map<string, Outcome>();
  let checks = noChecks;
  let failure: StepResult['failure'];
  let guard: HostGuard | undefined;
  try {
    heed(context.signal);
    const open = await scopeOf(context, state, prepared.compiled);
    guard = HostGuard.of(prepared.compiled.instance.step.guard, open);
    const scope = { ...open, guard };
    await converge(scope, prepared.resources, outcomes);
    if (guard?.isArmed) await guard.comeBack(viewOf(scope));
    if (context.options.verify && changedAnything(prepared, outcomes)) {
      const report = await runChecks(scope, prepared.resources, false);
      checks = report.counts;
      if (report.failed) {
        await keepEvidenceOfStep(scope, prepared.resources);
        failure = { ...ref, title: `check "${report.failed.what}"`, causes: report.failed.why };
      }
    }
    if (guard?.isArmed && !failure) await guard.keep();
  } catch (error) {
    failure = failureOf(ref, error);
  }
  if (guard?.isArmed && failure) failure = { ...failure, causes: [...failure.causes, await guard.giveBack()] };
  if (state.started) context.journal.note({ is: 'step-finished', run: context.run, ...ref, ok: failure === undefined });
  const list = [...outcomes.values()];
  const ms = context.clock.now() - began;
  context.emit({ type: 'step-finished', ...ref, counts: countOutcomes(list), checks, ok: failure === undefined, ms });
  return { ...ref, outcomes: list, checks, ...(failure ? { failure } : {}) };
}

/** What a step's work goes through: its targets as they are now. */
export async function scopeOf(context: RunContext, state: RunState, compiled: CompiledStep): Promise<WriteScope> {
  return { context, state, compiled, ref: refOf(compiled), reach: await reachOf(compiled, context.connections) };
}

export function refOf({ instance }: CompiledStep): StepRef {
  return { step: instance.id, target: `${instance.target.kind}:${instance.target.name}` };
}

// A step whose check failed last time must be proved again, though nothing changes now; that is what `verify` is for.
function changedAnything(prepared: PreparedStep, outcomes: ReadonlyMap<string, Outcome>): boolean {
  const quiet: ReadonlySet<Outcome> = new Set(['unchanged', 'skipped']);
  return (
    [...outcomes.values()].some((outcome) => !quiet.has(outcome)) ||
    prepared.resources.some(({ change }) => isPending(change))
  );
}

// A target that this step provides is there now: its identity is pinned and its lock taken before anything is written to it.
async function openProvided(
  context: RunContext,
  state: RunState,
  id: string,
  steps: readonly PreparedStep[],
): Promise<void> {
  const targets = new Set(steps.flatMap(({ compiled: { instance } }) => targetsOf(instance)));
  for (const target of targets) {
    if (target.kind === 'host' || target.providedBy !== id) continue;
    const { now, gone } = await context.connections.reopen(target);
    if (gone !== undefined) state.gone.add(gone);
    if (now.is === 'open') await context.locks.take(now);
  }
}
