import type { Saves } from './revert.ts';
import type { Secret } from './secret.ts';

export type FileKind = 'file' | 'directory' | 'link' | 'other';

export interface PathState {
  readonly kind: FileKind;
  /** Octal, four digits: `0644`. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** Bytes of a file; 0 for everything else. */
  readonly size: number;
  /** Where a link points. */
  readonly target?: string;
}

/** Something beneath a directory. */
export interface TreeEntry extends Omit<PathState, 'target'> {
  /** From the directory on: `conf.d/site.conf`. */
  readonly path: string;
}

export interface RunSpec {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** Secrets among them travel by stdin, never by an argument list. */
  readonly env?: Readonly<Record<string, string | Secret>>;
  readonly stdin?: string | Secret | Uint8Array;
  /** Seconds; the process group is ended after it. */
  readonly timeout?: number;
  /** Unix user to run as; default the connection's. */
  readonly user?: string;
}

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface PackageState {
  readonly version: string;
  /** Came with another package, nobody asked for it by name. */
  readonly auto: boolean;
}

/** What a run can't change about a host. */
export interface HostFacts {
  readonly hostname: string;
  readonly os: string;
  readonly osVersion: string;
  /** As `uname -m` says it. */
  readonly arch: string;
  readonly init: string;
  readonly bootId: string;
  readonly machineId: string;
  /** It is the machine that Cairn itself runs on. */
  readonly isHere?: true;
}

/** The questions a host answers, as data: one script asks all of a tick, and the fake answers them without a shell. */
export type Question =
  | { readonly ask: 'stat'; readonly path: string }
  /** Of a file; null when something else or nothing is there. Links are not followed. */
  | { readonly ask: 'sha256'; readonly path: string }
  /** The bytes of a file; null when it has more than `limit`, or something else or nothing is there. Links are not followed. */
  | { readonly ask: 'content'; readonly path: string; readonly limit?: number }
  /** Some bytes of a file from an offset on, fewer at its end; null when something else or nothing is there. For files too large for one answer. */
  | { readonly ask: 'piece'; readonly path: string; readonly from: number; readonly bytes: number }
  /** When what is at a path or beneath it last changed, microseconds since 1970; of nothing: when its folder did, or null. */
  | { readonly ask: 'changed'; readonly path: string }
  /** Names in a directory, sorted; null when absent. */
  | { readonly ask: 'list'; readonly path: string }
  /** All that is beneath a directory, sorted by path; null when it is absent. Neither links nor mounts are gone through. */
  | { readonly ask: 'tree'; readonly path: string }
  | { readonly ask: 'package'; readonly name: string }
  /** All installed packages. */
  | { readonly ask: 'packages' }
  /** What installing or removing would do, simulated; with `autoremove` also what nothing needs any more. */
  | {
      readonly ask: 'package-plan';
      readonly install: readonly string[];
      readonly remove: readonly string[];
      readonly autoremove?: boolean;
    }
  /** A probe; must not change anything. */
  | ({ readonly ask: 'run' } & RunSpec)
  | { readonly ask: 'facts' };

export interface Answers {
  stat: PathState | null;
  sha256: string | null;
  content: Uint8Array | null;
  piece: Uint8Array | null;
  changed: number | null;
  list: readonly string[] | null;
  tree: readonly TreeEntry[] | null;
  package: PackageState | null;
  packages: Readonly<Record<string, PackageState>>;
  'package-plan': { readonly installs: readonly string[]; readonly removes: readonly string[] };
  run: RunResult;
  facts: HostFacts;
}

export type Answer<Q extends Question> = Answers[Q['ask']];

/** Reads a host. Rejects with a CairnError (code `unreadable`, or `connection-lost`) when a question could not be answered at all. */
export interface HostReader {
  /** All questions of one tick travel together. */
  ask<Q extends Question>(question: Q): Promise<Answer<Q>>;
}

export type Operation =
  /** Temporary name beside it (0600, or at once as it will be), content, owner, mode, then rename. */
  | {
      readonly do: 'put-file';
      readonly path: string;
      readonly content: string | Secret | Uint8Array;
      /** Must succeed before the rename: program and arguments, of which `%s` stands for the temporary name. */
      readonly validate?: readonly [string, ...string[]];
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
    }
  | {
      readonly do: 'make-directory';
      readonly path: string;
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
    }
  | { readonly do: 'make-link'; readonly path: string; readonly target: string }
  /** Keeps a copy of a file on the host, root's alone, under its path and sum: for before-images too large to travel. */
  | { readonly do: 'keep-copy'; readonly path: string; readonly sha256: string }
  /** Puts a kept copy back in its place, as `put-file` does, and drops it. */
  | {
      readonly do: 'put-copy';
      readonly path: string;
      readonly sha256: string;
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
    }
  /** Drops a kept copy that nothing needs any more; absent is fine. */
  | { readonly do: 'drop-copy'; readonly path: string; readonly sha256: string }
  | {
      readonly do: 'set-attributes';
      readonly path: string;
      readonly mode?: string;
      readonly owner?: string;
      readonly group?: string;
    }
  /** A file, a link or an empty directory; absent is fine. Everything in a directory must be gone before. */
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'install-packages'; readonly names: readonly string[] }
  | { readonly do: 'remove-packages'; readonly names: readonly string[] }
  | { readonly do: 'mark-packages'; readonly auto: readonly string[]; readonly manual: readonly string[] }
  /**
   * Keeps what is there now, under a number, and has the host give it back by itself after so many seconds: newest number
   * first. Armed again, it adds to what is kept and begins to count anew. Fails once the time was over.
   */
  | {
      readonly do: 'arm';
      readonly guard: string;
      readonly entry: number;
      readonly seconds: number;
      readonly saves: Saves;
    }
  /** What was changed stays, and what was kept goes. Fails once the time was over. */
  | { readonly do: 'disarm'; readonly guard: string }
  /** The time is over now. */
  | { readonly do: 'give-back'; readonly guard: string }
  /** Has the host restart, a moment after the answer. `boot`: the id of the boot that ends. */
  | { readonly do: 'reboot'; readonly boot: string }
  /** A non-zero status fails the change, with the last lines of its output. */
  | ({ readonly do: 'run' } & RunSpec);

type Ask<K extends Question['ask']> = Extract<Question, { readonly ask: K }>;

/** What must still be so for the operations to start. Compared on the host, so only what has one short form. */
export type Guard =
  | { readonly question: Ask<'stat'>; readonly expected: PathState | null }
  | { readonly question: Ask<'sha256'>; readonly expected: string | null }
  | { readonly question: Ask<'package'>; readonly expected: PackageState | null }
  /** Of a probe only whether its status is zero. */
  | { readonly question: Ask<'run'>; readonly succeeds: boolean };

export interface HostChange {
  readonly guards: readonly Guard[];
  readonly operations: readonly Operation[];
  /** Asked after the last operation. */
  readonly readBack: readonly Question[];
  /** It is all that its resource needs, on paths alone: the change of another one may follow before anybody looked at this one. */
  readonly isWhole?: true;
  /** Called with each line a `run` or package operation prints, already split. */
  readonly onLine?: (line: string) => void;
}

export type HostChanged =
  | { readonly is: 'written'; readonly answers: readonly unknown[] }
  /** A guard answered something else; no operation was started. */
  | { readonly is: 'moved' };

/** What became of one of several changes. `not-begun`: one before it moved or failed, or somebody asked to stop. */
export type Turn = HostChanged | { readonly is: 'not-begun' };

/** Changes a host: guards, operations and read-back in one round trip. Rejects with code `operation-failed` and what was printed, or with `connection-lost` when nobody knows how far it came. */
export interface HostWriter extends HostReader {
  change(change: HostChange): Promise<HostChanged>;
  /**
   * Several changes in one round trip, one after the other; each is told of as it ends. None begins after one that moved or
   * failed. When the connection breaks, all that weren't told of reject with `connection-lost`.
   * @param stop ends it between two changes
   */
  changeInTurn(changes: readonly HostChange[], stop?: AbortSignal): readonly Promise<Turn>[];
}
