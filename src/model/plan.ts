import type { Diagnostic } from './diagnostic.ts';
import type { FieldChange, Loss, Owned } from './resource.ts';

/** What a run will do, as plain data: it can be printed, saved and compared, and holds no secret. */
export interface Plan {
  readonly version: 1;
  readonly command: 'up' | 'undo' | 'forget';
  readonly playbook: string;
  readonly inventory: string;
  readonly targets: readonly string[];
  readonly steps: readonly PlannedStep[];
  /** Milliseconds that reading the live world took. */
  readonly readMs: number;
  /** For undo: the run whose state before it is the goal. */
  readonly baseline?: string;
}

export interface PlannedStep {
  /** `devpi/30_redis`. */
  readonly id: string;
  readonly summary: string;
  readonly target: string;
  readonly changes: readonly PlannedChange[];
  /** The playbook no longer has it. */
  readonly isGone?: true;
}

/** `adopt`: it was there before us, and becomes ours; `forget`: it stays, and is ours no more; `wait` is a gate; `foreign` stops the run; `kept` and `refused` occur in undo plans. */
export type Verb =
  | 'create'
  | 'update'
  | 'adopt'
  | 'replace'
  | 'remove'
  | 'forget'
  | 'restart'
  | 'unchanged'
  | 'skip'
  | 'undecided'
  | 'read'
  | 'wait'
  | 'foreign'
  | 'kept'
  | 'refused';

export interface PlannedChange {
  /** Its name in the record that the step returned. */
  readonly name: string;
  /** Name of the resource type. */
  readonly type: string;
  readonly address: string;
  readonly title: string;
  readonly target: string;
  readonly verb: Verb;
  /** `exact` happens exactly; `predicted` rests on a guess; `undecided` may turn out unchanged. */
  readonly certainty: 'exact' | 'predicted' | 'undecided';
  readonly fields: readonly FieldChange[];
  readonly foreign: readonly Owned[];
  readonly loss: Loss;
  /** Why it is skipped, undecided, kept, refused or predicted; for undo also what made it: `created by run 12ab`. */
  readonly why?: string;
  readonly problem?: Diagnostic;
  /** How long it usually takes, for people. */
  readonly usually?: string;
  /** Title of the bundle that it came from: `manifests deploy/base`. */
  readonly source?: string;
}

export type PlanCounts = Readonly<Record<Verb, number>>;

/** How many changes of each verb a plan holds. */
export function countPlan(plan: Plan): PlanCounts {
  const counts: Record<Verb, number> = {
    create: 0,
    update: 0,
    adopt: 0,
    replace: 0,
    remove: 0,
    forget: 0,
    restart: 0,
    unchanged: 0,
    skip: 0,
    undecided: 0,
    read: 0,
    wait: 0,
    foreign: 0,
    kept: 0,
    refused: 0,
  };
  for (const step of plan.steps) for (const change of step.changes) counts[change.verb] += 1;
  return counts;
}

const pending: ReadonlySet<Verb> = new Set<Verb>([
  'create',
  'update',
  'adopt',
  'replace',
  'remove',
  'forget',
  'restart',
  'undecided',
]);

/** True when carrying the change out writes, or may write. */
export function isPending(change: PlannedChange): boolean {
  return pending.has(change.verb);
}
