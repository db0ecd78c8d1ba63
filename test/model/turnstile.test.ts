import { setImmediate as tick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Turnstile } from '../../src/model/turnstile.ts';

it('lets so many through each gate at once, and the next in the order in which they came, also after a failure', async () => {
  const turnstile = new Turnstile(2);
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const come = (gate: string, name: string, fails = false): Promise<void> =>
    turnstile.through(gate, () => {
      began.push(name);
      return new Promise<void>((resolve, reject) => {
        ends.set(name, fails ? () => reject(new Error(name)) : resolve);
      });
    });
  const failing = come('one', 'a', true).catch((error: Error) => error.message);
  const others = [come('one', 'b'), come('one', 'c'), come('other', 'd'), come('one', 'e')];
  await tick();
  expect(began).toEqual(['a', 'b', 'd']);
  ends.get('a')?.();
  expect(await failing).toBe('a');
  await tick();
  expect(began).toEqual(['a', 'b', 'd', 'c']);
  for (const name of ['b', 'c', 'd']) ends.get(name)?.();
  await tick();
  ends.get('e')?.();
  await Promise.all(others);
  expect(began).toEqual(['a', 'b', 'd', 'c', 'e']);
});
