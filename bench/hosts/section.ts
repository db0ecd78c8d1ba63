import { median } from '../measure.ts';
import { machineLine } from '../page.ts';
import { type Figure, pick, type Way } from './figures.ts';
import type { Probes } from './probes/all.ts';
import { type Promised, promisesOf } from './promises.ts';
import { type ScenarioName, scenarios } from './workloads.ts';

export interface Measured {
  readonly figures: readonly Figure[];
  readonly probes: Probes | undefined;
  readonly failures: readonly string[];
}

const ways: Readonly<Record<Way, string>> = {
  near: '',
  '20 ms': ', 20 ms there and back',
  '100 ms': ', 100 ms there and back',
  sudo: ', as root by sudo',
  'slow disk': ', each flush 5 ms longer',
};

/** The figures as Markdown: a table for each scenario, then every promise. Behind each time, how many times Cairn's it is. */
export function sectionOf({ figures, probes, failures }: Measured): string {
  const places = Map.groupBy(
    figures.filter(({ phase }) => phase !== 'plan'),
    ({ scenario, way }) => `${scenario}|${way}`,
  );
  const tables = [...places].flatMap(([place, some]) => {
    const [scenario, way] = place.split('|') as [ScenarioName, Way];
    return ['', `**${scenario}**: ${scenarios[scenario].what}${ways[way]}`, '', ...tableOf(some)];
  });
  const plans = figures.filter(({ phase }) => phase === 'plan');
  return [
    machineLine('medians'),
    ...tables,
    ...(plans.length > 0 ? ['', '**s2**: what would be done, with its differences', '', ...planTable(plans)] : []),
    '',
    ...promiseTable(promisesOf(figures, probes)),
    ...(failures.length > 0
      ? ['', 'Not measured, because it failed:', '', ...failures.map((line) => `- ${line}`)]
      : []),
  ].join('\n');
}

function tableOf(figures: readonly Figure[]): readonly string[] {
  const cell = (name: string, phase: Figure['phase']): string => timeCell(figures, name, phase);
  return [
    '| who | rounds | first run | rerun, nothing to do | processor, first | processor, rerun |',
    '|---|---|---|---|---|---|',
    ...namesIn(figures).map((name) => {
      const rounds = pick(figures, { name, phase: 'first' }).length;
      const cpu = (['first', 'rerun'] as const).map((phase) => cpuCell(figures, name, phase));
      return `| ${[name, rounds, cell(name, 'first'), cell(name, 'rerun'), ...cpu].join(' | ')} |`;
    }),
  ];
}

function planTable(figures: readonly Figure[]): readonly string[] {
  return [
    '| who | rounds | time |',
    '|---|---|---|',
    ...namesIn(figures).map(
      (name) => `| ${name} | ${pick(figures, { name }).length} | ${timeCell(figures, name, 'plan')} |`,
    ),
  ];
}

function namesIn(figures: readonly Figure[]): readonly string[] {
  return [...new Set(figures.map(({ name }) => name))];
}

function timeCell(figures: readonly Figure[], name: string, phase: Figure['phase']): string {
  const of = (which: Partial<Figure>): number =>
    median(pick(figures, { ...which, phase }).map(({ seconds }) => seconds));
  const [own, ours] = [of({ name }), of({ is: 'cairn' })];
  const text = `${own.toFixed(2)} s`;
  return own === ours || Number.isNaN(ours) ? text : `${text} (${(own / ours).toFixed(1)} ×)`;
}

function cpuCell(figures: readonly Figure[], name: string, phase: Figure['phase']): string {
  return `${median(pick(figures, { name, phase }).map(({ cpu }) => cpu)).toFixed(2)} s`;
}

function promiseTable(promises: readonly Promised[]): readonly string[] {
  const verdict = ({ ratio }: Promised): string =>
    ratio >= 1 ? 'kept' : `**missed**, by ${((1 / ratio - 1) * 100).toFixed(0)} %`;
  return [
    '| | what | promise | found | |',
    '|---|---|---|---|---|',
    ...promises.map((one) => `| ${[one.id, one.what, one.promise, one.found, verdict(one)].join(' | ')} |`),
  ];
}
