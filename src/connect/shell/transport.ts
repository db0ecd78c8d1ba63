import type { ShellText } from './quote.ts';

/** Where a script's output goes as it comes. */
export interface ShellSink {
  stdout(chunk: Buffer): void;
  stderr(chunk: Buffer): void;
}

export interface ShellScript {
  readonly text: ShellText;
  /** It starts programs of the user, which may leave something running that writes into the shell's output later. */
  readonly startsPrograms: boolean;
  /** It asks for more input while it runs, on descriptor 8, and takes exactly that: see `ShellRun.feed`. */
  readonly isFed?: boolean;
}

/** True for scripts that get a shell of their own, which ends with them: nothing that is left unread is ever taken for commands. */
export function isAlone({ startsPrograms, isFed }: ShellScript): boolean {
  return startsPrograms || isFed === true;
}

export interface ShellRun {
  /** Resolves when the shell is gone before `release`, with the reason as far as it is known. */
  readonly ended: Promise<string | undefined>;
  /** Resolves when the shell is there; until then no deadline runs. Rejects when nobody lets us in. At once without it. */
  readonly entered?: Promise<void> | undefined;
  /** Sends what the script asked for. */
  feed(bytes: Uint8Array): void;
  /** Ends the script and what it started. */
  kill(): void;
  /** The script has printed its last byte. */
  release(): void;
}

/** A way to a POSIX sh: a child process, or a channel of an SSH connection. */
export interface ShellTransport {
  /**
   * Runs a list of commands in a subshell with empty input. Nothing of it starts before all of it has arrived. Where
   * descriptor 8 closes when this process dies, the variable `life` is 8 for scripts that start programs.
   */
  start(script: ShellScript, sink: ShellSink): ShellRun;
}
