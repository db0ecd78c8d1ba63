import type { Emit } from '../../model/event.ts';

/** Where events go. `emit` never throws and never blocks; `close` resolves when everything is written. */
export interface Sink {
  readonly emit: Emit;
  close(): Promise<void>;
}

/** What a sink writes to: a stream, or a test's list. */
export interface Out {
  write(text: string): void;
}

/** A standard stream of the process. */
export type Stream = NodeJS.WriteStream & { readonly fd: number };
