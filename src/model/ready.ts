/** What a wait knows besides the thing that it waits for. */
export interface Look {
  /** ISO 8601, of this run's newest write when the wait began: trouble that is older may be repaired by it. */
  readonly since?: string;
  readonly when?: ReadyWhen;
}

/** Kind (`Database`) or address (`Database/shop/orders`, `Database/shop/*`) of a bundle's objects → when they are ready. */
export type ReadyOf = Readonly<Record<string, ReadyWhen>>;

/** When a Kubernetes object is ready, said by its step in place of what Cairn knows of its kind. */
export interface ReadyWhen {
  /** Conditions in `status.conditions` → the status that each must have: `{ Synced: 'True' }`. */
  readonly conditions?: Readonly<Record<string, 'True' | 'False'>>;
  /** Fields → the value that each must have: `{ 'status.phase': 'Running' }`. */
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
  /** Any of these, and it has failed for good. */
  readonly failed?: {
    readonly conditions?: Readonly<Record<string, 'True' | 'False'>>;
    readonly fields?: Readonly<Record<string, string | readonly string[]>>;
  };
}

/** How long a write may wait for the world: until what it removes is gone. */
export interface Patience {
  /** Milliseconds. */
  readonly within: number;
  /** Told now and then what it waits for: `finalizer example.com/keep holds it`. */
  waiting(on: string): void;
}

/** Something worth keeping of a failure: events, statuses, a log. */
export interface Evidence {
  readonly title: string;
  readonly lines: readonly string[];
}
