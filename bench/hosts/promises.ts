import { bareNames } from './contenders.ts';
import { type Figure, fastest, medianCpu, type Way, type Which } from './figures.ts';
import type { Probes } from './probes/all.ts';
import { type ScenarioName, scenarios } from './workloads.ts';

/** A promise beside what was found. */
export interface Promised {
  readonly id: string;
  readonly what: string;
  readonly promise: string;
  readonly found: string;
  /** How far from it: 1 is just kept, below is missed. NaN where nothing was measured. */
  readonly ratio: number;
}

interface Bound {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly digits?: number;
}

/** At least so much. */
function atLeast(bound: Bound, least: number, found: number): Promised {
  return { ...bound, promise: `≥ ${least} ${bound.unit}`, found: show(bound, found), ratio: found / least };
}

/** At most so much. */
function atMost(bound: Bound, most: number, found: number): Promised {
  const promise = `≤ ${Number.isInteger(most) ? most : most.toFixed(bound.digits ?? 1)} ${bound.unit}`;
  return { ...bound, promise, found: show(bound, found), ratio: most / found };
}

function show({ unit, digits = 1 }: Bound, found: number): string {
  return `${found.toFixed(digits)} ${unit}`;
}

/** All that the figures can say something of. */
export function promisesOf(figures: readonly Figure[], probes: Probes | undefined): readonly Promised[] {
  const all = [...fromFigures(figures), ...(probes ? fromProbes(probes) : [])];
  return all.filter(({ ratio }) => !Number.isNaN(ratio));
}

function fromFigures(figures: readonly Figure[]): readonly Promised[] {
  const seconds = (which: Which): number => fastest(figures, which);
  const faster = (
    id: string,
    which: Pick<Figure, 'scenario' | 'phase'> & { readonly way?: Way },
    than: Rival,
    times: number,
  ) => {
    const at = { way: 'near', ...which } as const;
    const what = `${at.scenario}${at.way === 'near' ? '' : `, ${at.way}`}, ${phases[at.phase]}, beside ${rivals[than]}`;
    const bound = { id, what, unit: '×' };
    return atLeast(bound, times, seconds({ ...at, is: than }) / seconds({ ...at, is: 'cairn' }));
  };
  const cpu = (scenario: ScenarioName): number => {
    const { hosts, tasks } = scenarios[scenario];
    const which = { scenario, way: 'near', phase: 'first', is: 'cairn' } as const;
    return (medianCpu(figures, which) * 1000) / (hosts * tasks.length);
  };
  return [
    faster('P1', { scenario: 's2', phase: 'first' }, 'ansible', 20),
    faster('P2', { scenario: 's2', phase: 'rerun' }, 'ansible', 30),
    faster('P3', { scenario: 's1', phase: 'first' }, 'ansible', 20),
    faster('P3', { scenario: 's1', phase: 'rerun' }, 'ansible', 30),
    faster('P4', { scenario: 's3', phase: 'first' }, 'ansible', 12),
    faster('P4', { scenario: 's3', phase: 'rerun' }, 'ansible', 15),
    faster('P5', { scenario: 's1', phase: 'first' }, 'mitogen', 3),
    faster('P5', { scenario: 's2', phase: 'first' }, 'mitogen', 7),
    faster('P5', { scenario: 's3', phase: 'first' }, 'mitogen', 6),
    ...(['s1', 's2', 's3'] as const).flatMap((scenario) => floors(scenario, seconds)),
    faster('P7', { scenario: 's6', phase: 'first', way: '20 ms' }, 'ansible', 8),
    faster('P7', { scenario: 's6', phase: 'rerun', way: '20 ms' }, 'ansible', 12),
    faster('P7', { scenario: 's6', phase: 'first', way: '100 ms' }, 'ansible', 7),
    faster('P7', { scenario: 's6', phase: 'rerun', way: '100 ms' }, 'ansible', 11),
    ...(['s1', 's2', 's3'] as const).map((scenario) =>
      atMost(
        { id: 'P9', what: `${scenario}, processor of the controller for each task of a host`, unit: 'ms' },
        4,
        cpu(scenario),
      ),
    ),
    faster('P10', { scenario: 's2', phase: 'plan' }, 'ansible', 30),
  ];
}

type Rival = 'ansible' | 'mitogen';
const rivals = { ansible: 'Ansible with pipelining', mitogen: 'Mitogen' } as const;
const phases = { plan: 'plan with its differences', first: 'first run', rerun: 'rerun' } as const;

// Against the bare client with a channel a task, which keeps no journal: a slow disk doesn't slow it down.
function floors(scenario: ScenarioName, seconds: (which: Which) => number): readonly Promised[] {
  const ways = ['near', 'slow disk'] as const;
  return ways.flatMap((way) =>
    (['first', 'rerun'] as const).map((phase) => {
      const floor = seconds({ scenario, way: 'near', phase, name: bareNames.channels });
      const most = (phase === 'first' ? 1.5 : 1.2) * floor + 0.25;
      const where = way === 'near' ? '' : ', flushes 5 ms longer';
      const what = `${scenario}${where}, ${phases[phase]}: ${phase === 'first' ? '1.5' : '1.2'} × bare ssh2 + 0.25 s`;
      return atMost({ id: 'P6', what, unit: 's', digits: 2 }, most, seconds({ scenario, way, phase, is: 'cairn' }));
    }),
  );
}

function fromProbes(probes: Probes): readonly Promised[] {
  const { trips, facts, memory, journal, upload, exec, silence } = probes;
  const tasks = scenarios.s6.tasks.length;
  const one = (id: string, what: string, unit: string, digits = 1): Bound => ({ id, what, unit, digits });
  return [
    atMost(
      one('P8', 'round trips for each changed task, once the shell is there', '', 2),
      1.2,
      (trips.first - trips.rerun) / tasks,
    ),
    atMost(one('P8', 'round trips of a rerun of 20 tasks, once the shell is there', '', 0), 12, trips.rerun),
    atLeast(one('P11', 'facts of 50 hosts, beside Ansible', '×'), 8, facts.ansible / facts.cairn),
    atMost(one('P13', 'resident at most, 50 hosts', 'MiB', 0), 160, memory.at50),
    atMost(one('P13', 'resident at most, 500 hosts', 'MiB', 0), 300, memory.at500),
    atMost(
      one('P14', 's2: share of the time with a flush of the journal on its way', '%'),
      15,
      (journal.s2.seconds / journal.s2.wall) * 100,
    ),
    atMost(one('P14', 's3: flushes for 50 durable records', '', 0), 50 / 5, journal.s3.count),
    atLeast(one('P15', '64 MiB to a host', 'MiB/s', 0), 160, upload.rate),
    atMost(one('P15', '8 MiB over 100 ms', 's', 2), 1.1, upload.far),
    atMost(one('P16', 'a program on a host', 'ms'), 10, exec.nothing),
    atMost(one('P16', 'a file of 1 KiB, with guard and read-back', 'ms'), 10, exec.kibibyte),
    atMost(one('P17', 'a step on this machine, beyond its program', 'ms'), 4, probes.localStep),
    atLeast(one('P18', 'one of 50 hosts says nothing: hosts that are done', '', 0), 49, silence.done),
    atMost(
      one('P18', 'the same: seconds beyond a run without it', 's'),
      connectTimeout,
      silence.seconds - silence.normal,
    ),
    atMost(one('P20', 'an inventory of 10,000 hosts', 's', 2), 2, probes.inventory),
  ];
}

/** Seconds that a host has to sign somebody in. */
const connectTimeout = 20;
