import { median, secondsOf } from '../../measure.ts';
import { failureLine } from '../compare.ts';
import { ansibleFacts, cairn, endConnections, type Job, upWords } from '../contenders.ts';
import { openDelay } from '../delay.ts';
import type { Farm } from '../farm.ts';
import { type Flushes, flushesOf } from './flushes.ts';
import { inventoryOf, localStep, memoryAt, type Silence, withSilentHost } from './scale.ts';
import { type Trip, tripsOf } from './trips.ts';

/** What a single run of Cairn is enough to see. Milliseconds, seconds, MiB, MiB/s. */
export interface Probes {
  /** Of one host, with s2's tasks. */
  readonly trips: { readonly first: number; readonly rerun: number };
  readonly facts: { readonly cairn: number; readonly ansible: number };
  readonly memory: { readonly at50: number; readonly at500: number };
  readonly journal: { readonly s2: Flushes; readonly s3: Flushes };
  /** MiB/s next door; seconds for 8 MiB over 100 ms. */
  readonly upload: { readonly rate: number; readonly far: number };
  readonly exec: { readonly nothing: number; readonly kibibyte: number };
  readonly localStep: number;
  readonly silence: Silence & { readonly normal: number };
  readonly inventory: number;
}

const none = Number.NaN;
const nothing: Probes = {
  trips: { first: none, rerun: none },
  facts: { cairn: none, ansible: none },
  memory: { at50: none, at500: none },
  journal: { s2: { count: none, seconds: none, wall: none }, s3: { count: none, seconds: none, wall: none } },
  upload: { rate: none, far: none },
  exec: { nothing: none, kibibyte: none },
  localStep: none,
  silence: { seconds: none, done: none, normal: none },
  inventory: none,
};

/**
 * One probe after the other; what fails is left out, and told of.
 * @param launcher of an installed package
 * @param failures gets a line for each
 */
export async function probe(farm: Farm, launcher: string, failures: string[]): Promise<Probes> {
  const trips = (job: Job): Promise<readonly Trip[]> => tripsOf(farm, launcher, upWords(job));
  const up = (scenario: Job['scenario']) => cairn(farm, launcher, upWords({ scenario, line: 'near' }));
  const cold = (): void => farm.wipe();
  const works: { readonly [K in keyof Probes]: () => Promise<Probes[K]> } = {
    trips: () => countTrips(cold, trips),
    facts: () => facts(farm, launcher),
    memory: async () => ({ at50: await memoryAt(farm, launcher, 50), at500: await memoryAt(farm, launcher, 500) }),
    journal: async () => ({
      s2: await after(cold, () => flushesOf(farm, up('s2'))),
      s3: await after(cold, () => flushesOf(farm, up('s3'))),
    }),
    upload: () => upload(farm, trips),
    exec: () => latency(farm, launcher, trips),
    localStep: () => localStep(farm, launcher),
    silence: async () => ({
      normal: await after(cold, () => secondsOf(up('s3'))),
      ...(await withSilentHost(farm, launcher)),
    }),
    inventory: () => inventoryOf(farm, launcher, 10_000),
  };
  const found: Record<string, unknown> = { ...nothing };
  for (const [name, work] of Object.entries(works)) {
    try {
      found[name] = await work();
      console.error(`${name}: ${JSON.stringify(found[name])}`);
    } catch (error) {
      failures.push(failureLine(`probe ${name}`, error));
    }
  }
  return found as unknown as Probes;
}

function after<T>(before: () => void, work: () => Promise<T>): Promise<T> {
  before();
  return work();
}

type Trips = (job: Job) => Promise<readonly Trip[]>;

async function countTrips(cold: () => void, trips: Trips): Promise<Probes['trips']> {
  cold();
  const first = await trips({ scenario: 's6', line: 'near' });
  const rerun = await trips({ scenario: 's6', line: 'near' });
  return { first: first.length, rerun: rerun.length };
}

async function facts(farm: Farm, launcher: string): Promise<Probes['facts']> {
  const ours = await secondsOf(cairn(farm, launcher, ['facts', 'all', '--json']));
  const theirs: number[] = [];
  for (const command of ansibleFacts(farm)) {
    theirs.push(await secondsOf(command));
    endConnections(farm);
  }
  return { cairn: ours, ansible: Math.min(...theirs) };
}

async function upload(farm: Farm, trips: Trips): Promise<Probes['upload']> {
  const longest = async (job: Job): Promise<number> => {
    farm.wipe();
    const all = await trips(job);
    return (all.toSorted((a, b) => b.sent - a.sent)[0]?.ms ?? 0) / 1000;
  };
  const near = await longest({ scenario: 's8', line: 'near' });
  const [host] = farm.hosts;
  if (!host) throw new Error('there is no host');
  const close = await openDelay(host, 100);
  try {
    return { rate: 64 / near, far: await longest({ scenario: 's9', line: 'far' }) };
  } finally {
    close();
  }
}

// A program, and a file of 1 KiB with guard and read-back: each is one script through a shell that is there. One host at a time:
// side by side, hosts that share two processors would wait for each other.
async function latency(farm: Farm, launcher: string, trips: Trips): Promise<Probes['exec']> {
  const all = await tripsOf(farm, launcher, ['exec', 'h0*', '--concurrency', '1', '--', 'true']);
  // A host is asked for its facts first.
  const nothing = all.filter(({ asked }) => asked.includes("'true'"));
  const files: Trip[] = [];
  for (let round = 0; round < 5; round += 1) {
    farm.wipe();
    files.push(...(await trips({ scenario: 's7', line: 'near' })).filter(({ sent }) => sent > 1024));
  }
  return { nothing: medianMs(nothing), kibibyte: medianMs(files) };
}

function medianMs(trips: readonly Trip[]): number {
  return median(trips.map(({ ms }) => ms));
}
