/** One write that is about to happen, with what was there before. */
export interface Intent {
  readonly type: string;
  readonly typeVersion: number;
  /** Within the target. */
  readonly address: string;
  readonly title: string;
  /** The id as data; functions in it are left out and found again in the project. */
  readonly id: unknown;
  /** The before-image as the type's codec made it; null: absent. */
  readonly before: unknown;
  /** What it is to become, for settling after a crash; null: removed. */
  readonly want: unknown;
  /** Undo leaves it, and says why. */
  readonly kept?: string;
  /** What it lives in: the id of that one's target, and its address. */
  readonly inside?: { readonly target: string; readonly address: string };
  /** No step declares it any more: it goes back to what it was before all runs. */
  readonly dropped?: true;
}

/**
 * What a run writes down. `intend` is durable before it resolves, `done` and `settled` are not: reading settles what is unknown.
 * Before-images, wishes and after-images are encrypted; everything else is readable.
 */
export type Entry =
  | {
      readonly is: 'run-started';
      readonly run: string;
      readonly command: 'up' | 'undo' | 'verify' | 'forget';
      readonly playbook: string;
      readonly inventory: string;
      /** Words of the command line after the playbook, to go on with the same selection. */
      readonly selection: Selection;
      /** An undo of this run alone: what older runs changed stays to be taken back. */
      readonly undoes?: string;
      readonly at: string;
    }
  | {
      readonly is: 'intent';
      readonly run: string;
      readonly step: string;
      /** The target's id, identity included: `cluster:cairn/6f1c…`. */
      readonly target: string;
      readonly intents: readonly Intent[];
      readonly at: string;
    }
  | {
      readonly is: 'done';
      readonly run: string;
      readonly step: string;
      readonly target: string;
      readonly address: string;
      readonly outcome: string;
      /** The after-image as the codec made it; null: absent. */
      readonly after: unknown;
    }
  /** A host keeps what is there, to give it back by itself; then: it was confirmed, or the host has given it back. */
  | {
      readonly is: 'guard';
      readonly run: string;
      readonly step: string;
      readonly target: string;
      readonly what: 'armed' | 'kept' | 'given-back';
      /** Where the host keeps it. */
      readonly folder: string;
      readonly at: string;
    }
  | {
      readonly is: 'step-finished';
      readonly run: string;
      readonly step: string;
      readonly target: string;
      readonly ok: boolean;
    }
  | {
      readonly is: 'run-finished';
      readonly run: string;
      readonly code: number;
      /** Ids of targets that are no more, with all that was in them. */
      readonly cleared: readonly string[];
      readonly at: string;
    };

/** What the command line chose, so that a run can go on with the same. */
export interface Selection {
  readonly only: readonly string[];
  readonly from?: string;
  readonly limit?: string;
  readonly set: readonly string[];
}

/** An append-only file of entries. One process writes it at a time (its lock says so). */
export interface Journal {
  /** Resolves when the entry is on disk (fsync). Rejects with code `journal-failed`: then nothing may be written to a target. */
  append(entry: Entry): Promise<void>;
  /** Queued and written with the next durable one, or on close; no fsync. */
  note(entry: Entry): void;
  /** Every whole entry, oldest first, decrypted. A torn tail is cut; a rotten record rejects with code `journal-damaged`. */
  entries(): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

/** Who holds a lock. */
export interface Holder {
  readonly run: string;
  readonly host: string;
  /** Boot and process namespace: a pid means something only within both. */
  readonly bootId: string;
  readonly pid: number;
  /** Clock ticks after boot, from /proc/PID/stat: pids come again, this pair doesn't. */
  readonly started: string;
  /** What it does, for people: `cairn up playbooks/devpi.yaml`. */
  readonly doing: string;
}

/** A held lock. `check` rejects with code `lock-lost` when somebody else took it. */
export interface Lock {
  check(): Promise<void>;
  release(): Promise<void>;
  /** Gives it up without telling anybody: the target is gone. */
  abandon(): void;
}

/** Takes a target's lock. Rejects with code `locked`, naming the holder. */
export interface Locks {
  acquire(holder: Holder): Promise<Lock>;
}
