import type { Diagnostic } from './diagnostic.ts';
import type { Plan } from './plan.ts';
import type { Evidence } from './ready.ts';
import type { FieldChange } from './resource.ts';

export type Outcome =
  | 'created'
  | 'updated'
  | 'adopted'
  | 'replaced'
  | 'removed'
  | 'forgotten'
  | 'restarted'
  | 'unchanged'
  | 'skipped'
  | 'failed'
  /** Of a target: it did not answer. */
  | 'unreachable'
  | 'undecided'
  | 'kept';

export type Counts = Readonly<Partial<Record<Outcome, number>>>;

export interface CheckCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Ids of a step on a target. */
export interface StepRef {
  /** `devpi/30_redis`. */
  readonly step: string;
  readonly target: string;
}

export interface Recap {
  readonly target: string;
  readonly counts: Counts;
  readonly checks: CheckCounts;
}

/** Why a run ended early, cause first. */
export interface Failure {
  readonly step?: string;
  readonly target?: string;
  /** The resource or check at fault. */
  readonly title?: string;
  readonly causes: readonly Diagnostic[];
}

export type RunCommand = 'plan' | 'up' | 'verify' | 'undo' | 'forget';

/** What each number means to a shell. */
export const exitCodes = {
  converged: 0,
  failed: 1,
  badInput: 2,
  pending: 3,
  locked: 4,
  moved: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Everything a report learns. All sinks read the same events; nothing shown may steer a run. Times are milliseconds. */
export type Event =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly command: RunCommand;
      readonly name: string;
      readonly playbook: string;
      readonly inventory: string;
      readonly targets: readonly string[];
      readonly steps: readonly (StepRef & { readonly summary: string })[];
      /** ISO 8601. */
      readonly at: string;
    }
  | { readonly type: 'plan-made'; readonly plan: Plan }
  | ({ readonly type: 'step-started' } & StepRef)
  | ({ readonly type: 'resource-started'; readonly title: string; readonly usually?: string } & StepRef)
  /** One line of what goes on inside; the newest is shown. */
  | ({ readonly type: 'progress'; readonly title: string; readonly line: string } & StepRef)
  /** What is kept of a resource that failed; a file beside the saved log. */
  | ({ readonly type: 'evidence'; readonly title: string; readonly evidence: readonly Evidence[] } & StepRef)
  | ({ readonly type: 'waiting'; readonly title: string; readonly on: string; readonly ms: number } & StepRef)
  | ({
      readonly type: 'resource-finished';
      readonly title: string;
      readonly address: string;
      readonly outcome: Outcome;
      readonly fields: readonly FieldChange[];
      readonly why?: string;
      readonly ms: number;
    } & StepRef)
  | ({
      readonly type: 'check-finished';
      readonly what: string;
      readonly result: 'passed' | 'failed' | 'skipped';
      readonly why?: readonly Diagnostic[];
      readonly ms: number;
    } & StepRef)
  | ({
      readonly type: 'step-finished';
      readonly counts: Counts;
      readonly checks: CheckCounts;
      readonly ok: boolean;
      readonly ms: number;
    } & StepRef)
  | { readonly type: 'notice'; readonly diagnostic: Diagnostic }
  | {
      readonly type: 'run-finished';
      readonly run: string;
      readonly code: ExitCode;
      readonly recap: readonly Recap[];
      readonly failure?: Failure;
      /** Titles with outcomes that this run changed, for the failure page. */
      readonly changed: readonly { readonly title: string; readonly outcome: Outcome }[];
      readonly notReached: readonly string[];
      readonly farewell?: string;
      readonly ms: number;
    };

/** Takes events; never throws, never blocks the run. */
export type Emit = (event: Event) => void;
