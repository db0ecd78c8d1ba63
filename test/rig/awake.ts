const tick = 50;

/**
 * How long work takes by a clock that stands still while this process is not let run: what is promised within seconds is
 * given the same seconds on a loaded machine.
 * @returns what came of it, and milliseconds
 */
export async function awakeDuring<T>(work: Promise<T>): Promise<readonly [T, number]> {
  let ms = 0;
  const clock = setInterval(() => {
    ms += tick;
  }, tick);
  try {
    return [await work, ms];
  } finally {
    clearInterval(clock);
  }
}
