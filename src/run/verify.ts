import { exitCodes, type StepRef } from '../model/event.ts';
import type { PreparedStep } from '../plan/build.ts';
import { runChecks } from './checks.ts';
import { heed, type RunContext, type RunState } from './context.ts';
import { refOf, scopeOf } from './execute.ts';
import { countOutcomes, failureOf, noChecks, type RunResult, recapOf, type StepResult } from './outcome.ts';
import { withScratch } from './scratch.ts';

/** Proves every step, also those that nothing changed; a failed one doesn't end the others. */
export async function verify(context: RunContext, state: RunState, steps: readonly PreparedStep[]): Promise<RunResult> {
  const results: StepResult[] = [];
  for (const prepared of steps) {
    if (context.signal.aborted) break;
    results.push(await verifyStep(context, state, prepared));
  }
  const failure = results.find((result) => result.failure !== undefined)?.failure;
  const interrupted = context.signal.aborted ? exitCodes.interrupted : undefined;
  const code = interrupted ?? (failure ? exitCodes.failed : exitCodes.converged);
  return { code, recap: recapOf(results), notReached: [], ...(failure ? { failure } : {}) };
}

async function verifyStep(context: RunContext, state: RunState, prepared: PreparedStep): Promise<StepResult> {
  const ref = refOf(prepared.compiled);
  const began = context.clock.now();
  context.emit({ type: 'step-started', ...ref });
  let checks = noChecks;
  let failure: StepResult['failure'];
  try {
    heed(context.signal);
    const report = await proveStep(context, state, prepared);
    checks = report.counts;
    if (report.failed) failure = { ...ref, title: `check "${report.failed.what}"`, causes: report.failed.why };
  } catch (error) {
    failure = failureOf(ref, error);
  }
  finish(context, ref, { checks, ok: failure === undefined, ms: context.clock.now() - began });
  return { ...ref, outcomes: [], checks, ...(failure ? { failure } : {}) };
}

// What a test step declares is there for its checks alone.
async function proveStep(context: RunContext, state: RunState, prepared: PreparedStep): ReturnType<typeof runChecks> {
  const scope = await scopeOf(context, state, prepared.compiled);
  const { step, vars, target } = prepared.compiled.instance;
  if (step.phase !== 'test') return runChecks(scope, prepared.resources, true);
  let report: Awaited<ReturnType<typeof runChecks>> = { counts: noChecks };
  await withScratch(scope, step.resources({ vars, target: { name: target.name } }), async (_, made) => {
    report = await runChecks(scope, made, false);
  });
  return report;
}

function finish(context: RunContext, ref: StepRef, end: { checks: typeof noChecks; ok: boolean; ms: number }): void {
  context.emit({ type: 'step-finished', ...ref, counts: countOutcomes([]), ...end });
}
