/**
 * What the journal knows of one thing that runs have changed since it was last taken back: where undo returns to.
 * Entries come newest first, by the first intention of each.
 */
export interface BaselineEntry {
  /** The target's id, identity included: `cluster:cairn/6f1c…`. */
  readonly target: string;
  readonly address: string;
  readonly type: string;
  readonly title: string;
  readonly id: unknown;
  /** The step of the first intention, `devpi/30_redis`, and the playbook of its run. */
  readonly step: string;
  readonly playbook: string;
  /** The run of the first intention. */
  readonly run: string;
  /** The oldest before-image, as the codec of that version made it; null: absent. */
  readonly before: unknown;
  readonly beforeVersion: number;
  /** The newest after-image, as far as one was noted: a killed run leaves its last writes unknown. */
  readonly after:
    | { readonly is: 'known'; readonly image: unknown; readonly version: number }
    | { readonly is: 'unknown' };
  /** What lay between two of these runs, oldest first; left out where there was one run, or nobody noted what it left. */
  readonly between?: readonly Between[];
  /** The newest wish; null: removed. */
  readonly want: unknown;
  /** Why undo leaves it, by the newest intention. */
  readonly kept?: string;
  /** What it lives in, and goes with. */
  readonly inside?: { readonly target: string; readonly address: string };
  /** A run that began to let go of it, and didn't end. */
  readonly halfForgotten?: string;
  /** The newest intention took it back, because no step declares it any more. */
  readonly dropped?: true;
}

/** What one run left, what the next one found, and what it made of that, as far as it was noted. */
export interface Between {
  readonly left: Noted;
  readonly found: Noted;
  readonly made?: Noted;
}

/** An image as the codec of that version made it; null: absent. */
export interface Noted {
  readonly image: unknown;
  readonly version: number;
}

/** True for what a run took back because no step declares it any more: nothing is left to take back but that run. */
export function isBack({ dropped, after }: BaselineEntry): boolean {
  return dropped === true && after.is === 'known';
}
