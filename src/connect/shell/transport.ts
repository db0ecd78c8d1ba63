import type { ShellText } from './quote.ts';

/** Where a script's output goes as it comes. */
export interface ShellSink {
  stdout(chunk: Buffer): void;
  stderr(chunk: Buffer): void;
}

export interface ShellRun {
  /** Resolves when the shell is through with the script or gone; says why when it could not be run to its end. */
  readonly ended: Promise<string | undefined>;
  /** Ends the script and what it started. */
  kill(): void;
}

/** A way to a POSIX sh: a child process, or a channel of an SSH connection. */
export interface ShellTransport {
  /**
   * Runs a list of commands in a subshell with empty input. Nothing of it starts before all of it has arrived.
   * The variable `life` names a descriptor that closes when this process dies, or is empty.
   */
  start(script: ShellText, sink: ShellSink): ShellRun;
}
