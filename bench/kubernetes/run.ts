// Figures of PROMISES P19: Cairn beside kubectl, Ansible's kubernetes.core and a bare client, in one run, on one API server.
//   node bench/kubernetes/run.ts [--rounds N] [--kubeconfig FILE] [--only cairn,kubectl] [--large] [--write]
// Without a kubeconfig it starts an API server of its own; --large adds 1,000 and 3,000 objects and a storm of refusals;
// --write puts the figures into docs/performance.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, secondsAndMemoryOf, secondsOf } from '../measure.ts';
import { installPacked } from '../packed.ts';
import { machineLine, writeSection } from '../page.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { type Contender, cairnUp, contenders } from './contenders.ts';
import { type Figures, type Row, type Size, sectionOf, type Weathered } from './section.ts';
import { raiseStorm } from './storm.ts';
import { writeWork } from './work.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    kubeconfig: { type: 'string' },
    only: { type: 'string', default: '' },
    large: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), 'cairn-packed-'));
const packed = installPacked(folder);
const cluster = await openCluster(values.kubeconfig);

try {
  const words = values.only.split(',');
  const chosen = contenders(cluster.kubeconfig, packed).filter(({ name }) => words.some((word) => name.includes(word)));
  // The first contact with a server that has just started is nobody's fault.
  await round(cluster, chosen.slice(0, 1));
  const rows = await compare(cluster, chosen);
  const large = values.large ? { sizes: await grow(cluster, [100, 1_000, 3_000]), storm: await weather(cluster) } : {};
  const figures: Figures = { machine: machineLine(`${rounds} rounds`), rows, ...large };
  const section = sectionOf(figures);
  console.log(section);
  if (values.write) writeSection('bench/kubernetes', section);
} finally {
  await cluster.close();
  rmSync(folder, { recursive: true });
}

/** Everybody in turn, so that a machine that slows down slows all of them down. */
async function compare(on: Cluster, all: readonly Contender[]): Promise<readonly Row[]> {
  const times = new Map(all.map(({ name }) => [name, [] as Row[]]));
  for (let i = 0; i < rounds; i += 1) {
    const due = all.filter(({ slow }) => i === 0 || !slow);
    for (const row of await round(on, due)) times.get(row.name)?.push(row);
  }
  return [...times].map(([name, rows]) => {
    const of = (pick: (row: Row) => number | undefined): number =>
      median(rows.map(pick).filter((value) => value !== undefined));
    return {
      name,
      rounds: rows.length,
      first: of(({ first }) => first),
      rerun: of(({ rerun }) => rerun),
      ...(rows[0]?.plan === undefined ? {} : { plan: of(({ plan }) => plan) }),
    };
  });
}

async function round(on: Cluster, all: readonly Contender[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { name, apply, plan } of all) {
    const work = await on.prepare(100);
    const planned = plan ? { plan: await secondsOf(plan(work)) } : {};
    const first = await secondsOf(apply(work));
    await on.demandDone(work);
    const rerun = await secondsOf(apply(work));
    rows.push({ name, rounds: 1, ...planned, first, rerun });
    console.error(`${name}: ${JSON.stringify(rows.at(-1))}`);
  }
  return rows;
}

async function grow(on: Cluster, counts: readonly number[]): Promise<readonly Size[]> {
  const sizes: Size[] = [];
  for (const count of counts) {
    const work = await on.prepare(count);
    const first = await secondsAndMemoryOf(cairnUp(packed)(work));
    await on.demandDone(work);
    sizes.push({ count, first, rerun: await secondsAndMemoryOf(cairnUp(packed)(work)) });
    console.error(JSON.stringify(sizes.at(-1)));
  }
  return sizes;
}

/** The first apply through a storm; that it ends well is the point. */
async function weather(on: Cluster): Promise<Weathered> {
  const storm = await raiseStorm(on.kubeconfig, on.context);
  try {
    const work = await on.prepare(100);
    writeWork(work, storm);
    const seconds = await secondsOf(cairnUp(packed)(work));
    await on.demandDone(work);
    return { seconds, refused: storm.refused(), hasty: storm.hasty() };
  } finally {
    await storm.close();
  }
}
