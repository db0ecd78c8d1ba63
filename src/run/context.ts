import type { Connections } from '../model/connections.ts';
import { CairnError, problem } from '../model/diagnostic.ts';
import type { Emit, Outcome } from '../model/event.ts';
import type { Journal, Selection } from '../model/journal.ts';
import type { Project } from '../model/project.ts';
import type { AnyHandle } from '../model/resource.ts';
import type { LockBook } from './lock-book.ts';

/** What a person consented to, and how patient the run is. */
export interface RunOptions {
  /** Run the checks of steps that changed. */
  readonly verify: boolean;
  /** Checks that restart or kill things may run. */
  readonly disrupt: boolean;
  readonly allowReplace: boolean;
  /** Addresses (`Kind/namespace/name`) whose data may go. */
  readonly allowDataLoss: readonly string[];
  /** Undo takes fields that others changed after us. */
  readonly force: boolean;
  /** Most targets of a step at work at once. */
  readonly concurrency: number;
  /** Milliseconds until a resource must be ready. */
  readonly timeout: number;
}

/** Time, so that tests can own it. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** ISO 8601. */
  date(): string;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** All that a run works with; passed on, never ambient. */
export interface RunContext {
  readonly run: string;
  readonly command: 'up' | 'undo' | 'verify' | 'forget';
  /** For an undo of one run alone: that run. */
  readonly undoes?: string;
  readonly project: Project;
  readonly selection: Selection;
  readonly connections: Connections;
  readonly journal: Journal;
  readonly emit: Emit;
  readonly options: RunOptions;
  readonly clock: Clock;
  /** Aborted by the first Ctrl-C: the write in flight ends, nothing new starts. */
  readonly signal: AbortSignal;
  readonly locks: LockBook;
}

/** What a run has learned and done so far. */
export class RunState {
  readonly outs = new Map<AnyHandle, { readonly out: unknown }>();
  /** Keys (`keyOf`) written by this run, and patterns of what those writes may have touched. */
  readonly touched: RegExp[] = [];
  /** Ids of targets that are no more: nothing in them is left to take back. */
  readonly gone = new Set<string>();
  readonly changed: { readonly title: string; readonly outcome: Outcome }[] = [];
  /** ISO 8601, when this run's newest write was done. */
  wroteAt: string | undefined;
  #started = false;

  /** A thing that was changed is as it was before. */
  unchange(title: string): void {
    const at = this.changed.findIndex((one) => one.title === title);
    if (at >= 0) this.changed.splice(at, 1);
  }

  /** True once, when the first intention is about to be written. */
  start(): boolean {
    const first = !this.#started;
    this.#started = true;
    return first;
  }

  get started(): boolean {
    return this.#started;
  }
}

/** Thrown where a run stops because of Ctrl-C or SIGTERM. */
function interruption(): CairnError {
  return new CairnError(problem('interrupted', 'Interrupted; the write in flight was finished'));
}

/** Stops here if somebody asked to. */
export function heed(signal: AbortSignal): void {
  if (signal.aborted) throw interruption();
}
