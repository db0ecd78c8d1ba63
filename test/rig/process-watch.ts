import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Where a text stood that nobody else should see. */
export interface Sighting {
  readonly where: 'cmdline' | 'environ';
  /** The one argument, or `NAME=value`. */
  readonly word: string;
  readonly program: string;
}

export interface Watched<T> {
  readonly result: T;
  readonly sightings: readonly Sighting[];
}

/** Looks for texts in the arguments and environments of all processes that start while something is done. */
export async function watchProcesses<T>(needles: readonly string[], work: () => Promise<T>): Promise<Watched<T>> {
  const flag = new SharedArrayBuffer(4);
  const worker = new Worker(new URL('./process-sampler.ts', import.meta.url), { workerData: { needles, flag } });
  await once(worker, 'message');
  try {
    const result = await work();
    const told = once(worker, 'message');
    Atomics.store(new Int32Array(flag), 0, 1);
    const [sightings] = (await told) as [readonly Sighting[]];
    return { result, sightings };
  } finally {
    Atomics.store(new Int32Array(flag), 0, 1);
    await worker.terminate();
  }
}
