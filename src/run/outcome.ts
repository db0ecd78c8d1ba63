import { type Diagnostic, diagnosticsOf } from '../model/diagnostic.ts';
import {
  type CheckCounts,
  type Counts,
  type ExitCode,
  exitCodes,
  type Failure,
  type Outcome,
  type Recap,
} from '../model/event.ts';
import { ResourceFailure } from './converge.ts';

/** How a step run ended. */
export interface StepResult {
  readonly step: string;
  readonly target: string;
  readonly outcomes: readonly Outcome[];
  readonly checks: CheckCounts;
  readonly failure?: Failure;
}

/** How a run ended, before it is reported. */
export interface RunResult {
  readonly code: ExitCode;
  readonly recap: readonly Recap[];
  readonly failure?: Failure;
  readonly notReached: readonly string[];
}

export const noChecks: CheckCounts = { passed: 0, failed: 0, skipped: 0 };

export function countOutcomes(outcomes: readonly Outcome[]): Counts {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** A failure as the report shows it: where, what, and its causes. */
export function failureOf(where: { step?: string; target?: string }, error: unknown): Failure {
  const title = error instanceof ResourceFailure ? { title: error.title } : {};
  return { ...where, ...title, causes: diagnosticsOf(error) };
}

const codes: Readonly<Record<string, ExitCode>> = {
  interrupted: exitCodes.interrupted,
  moved: exitCodes.moved,
  locked: exitCodes.locked,
  'lock-lost': exitCodes.locked,
};

/** The exit code for a cause; anything without one of its own is a failure. */
export function exitCodeOf(cause: Diagnostic | undefined): ExitCode {
  return codes[cause?.code ?? ''] ?? exitCodes.failed;
}

/** Counts of each target, in the order in which the targets first came. */
export function recapOf(results: readonly StepResult[]): readonly Recap[] {
  const byTarget = Map.groupBy(results, ({ target }) => target);
  return [...byTarget].map(([target, group]) => ({
    target,
    counts: countOutcomes(group.flatMap(({ outcomes }) => outcomes)),
    checks: group.reduce(
      (sum, { checks }) => ({
        passed: sum.passed + checks.passed,
        failed: sum.failed + checks.failed,
        skipped: sum.skipped + checks.skipped,
      }),
      noChecks,
    ),
  }));
}

/** Names of the hosts that failed, or gave no answer. */
export function targetsOfFailures({ recap, failure }: RunResult): readonly string[] {
  const bad = recap.filter(({ counts, checks }) => counts.failed || counts.unreachable || checks.failed > 0);
  const targets = new Set([...bad.map(({ target }) => target), ...(failure?.target ? [failure.target] : [])]);
  return [...targets].filter((target) => target.startsWith('host:')).map((target) => target.slice('host:'.length));
}
