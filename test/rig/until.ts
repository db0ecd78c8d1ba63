import { setTimeout as sleep } from 'node:timers/promises';

// Milliseconds after which something never will be: beside others, a machine takes a minute for what it does in a second alone.
const patience = 170_000;

/**
 * Waits until something holds. What throws is not waited for.
 * @param what for people: `the registry to answer`
 */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + patience;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${patience / 1000} s for ${what}`);
    await sleep(25);
  }
}
