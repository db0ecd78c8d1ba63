import type { Selection } from './journal.ts';
import type { Plan } from './plan.ts';

/** Fingerprints of values, by dotted path. */
export type Prints = Readonly<Record<string, string>>;

/**
 * A plan with what it takes to carry out exactly that, later or elsewhere. Holds no secret: whatever isn't shown in plans
 * stands here as a fingerprint, keyed anew in each plan.
 */
export interface SavedPlan {
  /** The release of Cairn that made it. */
  readonly release: string;
  /** ISO 8601. */
  readonly at: string;
  readonly playbook: string;
  readonly inventory: string;
  readonly selection: Selection;
  /** Key of the fingerprints. */
  readonly key: string;
  /** Files of the project that hold its code, each with a hash. */
  readonly sources: Prints;
  /** The values of each step on each target (`devpi/30_redis on cluster:kit`). */
  readonly values: Readonly<Record<string, Prints>>;
  /** Ids of the targets by `cluster:kit`; null: not there yet. */
  readonly targets: Readonly<Record<string, string | null>>;
  readonly plan: Plan;
  /** What the pending changes of the plan are made from, by target and address. */
  readonly grounds: Readonly<Record<string, Grounds>>;
}

/** What a change is made from, as fingerprints. */
export interface Grounds {
  /** Of all that the resource wishes, as far as it was known. */
  readonly want: string;
  /** Of the values that it changes, by the path of the field; the empty path stands for all of the image. */
  readonly before: Prints;
}
