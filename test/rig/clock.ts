import type { Clock } from '../../src/run/context.ts';

/** A clock by which sleeping takes its time, though nobody waits for it. */
export function hastyClock(): Clock {
  let slept = 0;
  return {
    now: () => performance.now() + slept,
    date: () => new Date().toISOString(),
    sleep(ms) {
      slept += ms;
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}
