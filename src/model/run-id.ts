import { randomBytes } from 'node:crypto';

const shortest = 4;
const triesEach = 16;

/**
 * A new run's id: hexadecimal, short enough to say (`7f3a`), longer where the short ones are used up.
 * @param taken the ids of past runs
 */
export function newRunId(taken: Iterable<string>): string {
  const known = new Set(taken);
  for (let tries = 0; ; tries += 1) {
    const length = shortest + Math.floor(tries / triesEach);
    const id = randomBytes(length).toString('hex').slice(0, length);
    if (!known.has(id)) return id;
  }
}
