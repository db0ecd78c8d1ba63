import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Where a text stood that nobody else should see. */
export interface Sighting {
  readonly where: 'cmdline' | 'environ';
  /** The one argument, or `NAME=value`. */
  readonly word: string;
  readonly program: string;
}

/** What was looked at. */
export interface Watch {
  readonly sightings: readonly Sighting[];
  /** Processes that were seen at all. */
  readonly processes: number;
  /** How often all that were there were looked at, in so many milliseconds. */
  readonly rounds: number;
  readonly ms: number;
}

export interface Watched<T> extends Watch {
  readonly result: T;
}

/** Looks for texts in the arguments and environments of all processes that this one starts, or those do, while something is done. */
export async function watchProcesses<T>(needles: readonly string[], work: () => Promise<T>): Promise<Watched<T>> {
  const flag = new SharedArrayBuffer(4);
  const worker = new Worker(new URL('./process-sampler.ts', import.meta.url), { workerData: { needles, flag } });
  await once(worker, 'message');
  try {
    const result = await work();
    const told = once(worker, 'message');
    Atomics.store(new Int32Array(flag), 0, 1);
    const [watch] = (await told) as [Watch];
    return { result, ...watch };
  } finally {
    Atomics.store(new Int32Array(flag), 0, 1);
    await worker.terminate();
  }
}
