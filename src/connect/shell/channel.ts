import type { ShellSink } from './transport.ts';

/** A program on another machine, with its streams. */
export interface RemoteChannel {
  /** Resolves when it is over, with the reason as far as it is known. */
  readonly closed: Promise<string | undefined>;
  /** Called once, before anything is sent. */
  listen(sink: ShellSink): void;
  send(bytes: Buffer): void;
  /** Its input closes. */
  close(): void;
  /** Asks it to end, and closes its input. */
  kill(): void;
}

/** A way to another machine, over which programs are started. */
export interface RemoteConnection {
  /** Starts a command, which a shell of the other side reads. */
  exec(command: string): Promise<RemoteChannel>;
  /** Resolves when it is over, with the reason as far as it is known. */
  readonly ended: Promise<string | undefined>;
  /** It keeps this process alive no longer. */
  rest(): void;
  /** It is in use again. */
  wake(): void;
  close(): void;
}
