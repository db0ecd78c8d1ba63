import { median } from '../measure.ts';
import type { Contender, Job } from './contenders.ts';

/** One run of one contender. */
export interface Figure {
  readonly scenario: Job['scenario'];
  readonly way: Way;
  readonly phase: 'plan' | 'first' | 'rerun';
  readonly name: string;
  readonly is: Contender['is'];
  readonly seconds: number;
  /** Seconds of the controller's processor. */
  readonly cpu: number;
}

/** How the hosts are reached: next door, over 20 or 100 ms there and back, by sudo, or with a disk that flushes in 5 ms. */
export type Way = 'near' | '20 ms' | '100 ms' | 'sudo' | 'slow disk';

export type Which = Partial<Pick<Figure, 'scenario' | 'way' | 'phase' | 'name' | 'is'>>;

/** Those that are meant. */
export function pick(all: readonly Figure[], which: Which): readonly Figure[] {
  const wanted = Object.entries(which) as [keyof Which, unknown][];
  return all.filter((figure) => wanted.every(([key, value]) => figure[key] === value));
}

/** Median seconds of the fastest contender that is meant: of two Ansibles the better one counts. NaN where nobody is. */
export function fastest(all: readonly Figure[], which: Which): number {
  const byName = Map.groupBy(pick(all, which), ({ name }) => name);
  const medians = [...byName.values()].map((some) => median(some.map(({ seconds }) => seconds)));
  return medians.length > 0 ? Math.min(...medians) : Number.NaN;
}

export function medianCpu(all: readonly Figure[], which: Which): number {
  return median(pick(all, which).map(({ cpu }) => cpu));
}
