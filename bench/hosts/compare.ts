import { type Command, costOf } from '../measure.ts';
import { demandDone } from './check.ts';
import type { Contender, Job } from './contenders.ts';
import { openDelay } from './delay.ts';
import type { Farm } from './farm.ts';
import type { Figure, Way } from './figures.ts';
import { withFlushes } from './probes/flushes.ts';
import { scenarios } from './workloads.ts';

export interface Comparison {
  readonly scenario: Job['scenario'];
  readonly way: Way;
  readonly contenders: readonly Contender[];
  /** Of Ansible, which takes its time, and of everybody else. */
  readonly rounds: { readonly slow: number; readonly fast: number };
  /** When Ansible may begin at the latest, by `performance.now()`. */
  readonly latest: number;
}

/** What was measured, and who did not get to the end. */
export interface Found {
  readonly figures: readonly Figure[];
  /** For people, one line each. */
  readonly failures: readonly string[];
}

const lines: Readonly<Record<Way, Job['line']>> = {
  near: 'near',
  'slow disk': 'near',
  '20 ms': 'far',
  '100 ms': 'far',
  sudo: 'sudo',
};

/** Milliseconds that a flush takes longer on a slow disk. */
const slowFlush = 5;

/**
 * Everybody in turn, so that a machine that slows down slows all of them down: from empty hosts, then again, each from a
 * cold connection. Whoever fails, or doesn't leave what the scenario says, is out; the others go on.
 */
export async function compare(farm: Farm, { scenario, way, contenders, rounds, latest }: Comparison): Promise<Found> {
  const closeDelay = way === '20 ms' || way === '100 ms' ? await delayed(farm, Number.parseInt(way, 10)) : undefined;
  const figures: Figure[] = [];
  const failures: string[] = [];
  const out = new Set<Contender>();
  try {
    for (let round = 0; round < Math.max(rounds.slow, rounds.fast); round += 1) {
      for (const contender of contenders) {
        const isSlow = contender.is === 'ansible' || contender.is === 'mitogen';
        if (out.has(contender) || round >= (isSlow ? rounds.slow : rounds.fast)) continue;
        try {
          demandTime(contender, latest);
          figures.push(...(await turn(farm, { scenario, way }, contender)));
        } catch (error) {
          out.add(contender);
          failures.push(failureLine(`${scenario} ${way}, ${contender.name}`, error));
        }
      }
    }
  } finally {
    closeDelay?.();
  }
  return { figures, failures };
}

/** One line of what went wrong; all of it goes to stderr. */
export function failureLine(what: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  console.error(`${what} failed:\n${text}`);
  return `${what}: ${text.split('\n').find((line) => /error|fatal|FAILED|differences/i.test(line)) ?? text.split('\n')[0]}`;
}

function demandTime({ is }: Contender, latest: number): void {
  const isSlow = is === 'ansible' || is === 'mitogen';
  if (isSlow && performance.now() > latest) throw new Error('left out, since the time was over');
}

async function delayed({ hosts: [host] }: Farm, rtt: number): Promise<() => void> {
  if (!host) throw new Error('there is no host');
  return openDelay(host, rtt);
}

type Place = Pick<Comparison, 'scenario' | 'way'>;

async function turn(farm: Farm, place: Place, contender: Contender): Promise<readonly Figure[]> {
  farm.wipe();
  const job: Job = { scenario: place.scenario, line: lines[place.way] };
  const command = (): Command =>
    place.way === 'slow disk' ? withFlushes(farm, contender.apply(job), slowFlush) : contender.apply(job);
  const found: Figure[] = [];
  try {
    for (const phase of ['first', 'rerun'] as const) {
      contender.rest?.();
      const cost = await costOf(command());
      demandDone(scenarios[place.scenario], farm.hosts);
      found.push(figureOf(place, contender, phase, cost));
    }
  } finally {
    contender.rest?.();
  }
  return found;
}

/** What it costs to see what would be done on empty hosts, with its differences. */
export async function comparePlans(
  farm: Farm,
  { scenario, way, contenders, rounds, latest }: Comparison,
): Promise<Found> {
  const figures: Figure[] = [];
  const failures: string[] = [];
  for (const contender of contenders) {
    const { plan, is, rest } = contender;
    if (!plan || is === 'mitogen') continue;
    try {
      demandTime(contender, latest);
      for (let round = 0; round < (is === 'ansible' ? rounds.slow : rounds.fast); round += 1) {
        farm.wipe();
        const cost = await costOf(plan({ scenario, line: lines[way] }));
        figures.push(figureOf({ scenario, way }, contender, 'plan', cost));
      }
    } catch (error) {
      failures.push(failureLine(`${scenario} ${way}, plan, ${contender.name}`, error));
    } finally {
      rest?.();
    }
  }
  return { figures, failures };
}

function figureOf(
  place: Place,
  { name, is }: Contender,
  phase: Figure['phase'],
  { seconds, cpu }: { readonly seconds: number; readonly cpu: number },
): Figure {
  const figure = { ...place, phase, name, is, seconds, cpu };
  console.error(
    `${place.scenario} ${place.way}, ${phase}: ${seconds.toFixed(2)} s, processor ${cpu.toFixed(2)} s, ${name}`,
  );
  return figure;
}
