// Figures of PROMISES P1 to P18 and P20: Cairn beside Ansible, Mitogen and a bare SSH client, in one run, on hosts of this machine.
//   node bench/hosts/run.ts [--rounds N] [--slow-rounds N] [--parts near,plan,far,sudo,disk,probes] [--scenarios s1,s2]
//                           [--who Cairn,bare] [--port N] [--launcher FILE] [--write]
// --write puts the figures into docs/performance.md. Needs root, openssh-server and, for one part, sudo.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPacked } from '../packed.ts';
import { writeSection } from '../page.ts';
import { writeAnsibleProject } from './ansible-project.ts';
import { writeCairnProject } from './cairn-project.ts';
import { type Comparison, compare, comparePlans, type Found } from './compare.ts';
import { bareNames, type Contender, contenders } from './contenders.ts';
import { openFarm } from './farm.ts';
import { probe } from './probes/all.ts';
import { sectionOf } from './section.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    'slow-rounds': { type: 'string', default: '1' },
    parts: { type: 'string', default: 'near,plan,far,sudo,disk,probes' },
    scenarios: { type: 'string', default: 's1,s2,s3' },
    who: { type: 'string', default: '' },
    port: { type: 'string', default: '22200' },
    launcher: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
// What points Python or Ansible elsewhere would be measured.
for (const name of Object.keys(process.env)) if (/^(PYTHON|ANSIBLE)/.test(name)) delete process.env[name];
const rounds = { fast: Number(values.rounds), slow: Number(values['slow-rounds']) };
const once = { fast: Math.min(rounds.fast, 2), slow: 1 };
// Whoever takes minutes and would begin later is left out and named, so that the whole ends within 22.
const latest = performance.now() + 18.5 * 60_000;
const folder = mkdtempSync(join(tmpdir(), 'cairn-packed-'));
const launcher = values.launcher ?? installPacked(folder);
const farm = await openFarm(50, Number(values.port));

try {
  writeAnsibleProject(farm);
  writeCairnProject(farm);
  const words = values.who.split(',');
  const missing: string[] = [];
  const all = contenders(farm, launcher, missing).filter(({ name }) => words.some((word) => name.includes(word)));
  const found: Found[] = [{ figures: [], failures: missing }];
  for (const comparison of comparisons(all)) found.push(await compare(farm, comparison));
  if (isDue('plan')) {
    found.push(await comparePlans(farm, { scenario: 's2', way: 'near', contenders: fewOf(all), rounds: once, latest }));
  }
  const figures = found.flatMap((some) => some.figures);
  const failures = found.flatMap((some) => some.failures);
  const probes = isDue('probes') ? await probe(farm, launcher, failures) : undefined;
  const section = sectionOf({ figures, failures, probes });
  console.log(section);
  if (values.write) writeSection('bench/hosts', section);
} finally {
  await farm.close();
  rmSync(folder, { recursive: true });
}

function isDue(part: string): boolean {
  return values.parts.split(',').includes(part);
}

// Where time is short, one Ansible stands for both: the first, with and without Mitogen.
function fewOf(all: readonly Contender[]): readonly Contender[] {
  const version = all.find(({ is }) => is === 'ansible')?.name.split(',')[0] ?? '';
  return all.filter(({ is, name }) => is === 'cairn' || is === 'bare' || name.startsWith(version));
}

function comparisons(all: readonly Contender[]): readonly Comparison[] {
  const few = fewOf(all);
  const withSudo = few.filter(({ is }) => is === 'cairn' || is === 'ansible');
  const withJournal = all.filter(({ is, name }) => is === 'cairn' || name === bareNames.careful);
  const near = values.scenarios.split(',') as Comparison['scenario'][];
  const parts: Readonly<Record<string, readonly Comparison[]>> = {
    near: near.map((scenario) => ({ scenario, way: 'near', contenders: all, rounds, latest })),
    far: (['20 ms', '100 ms'] as const).map((way) => ({ scenario: 's6', way, contenders: few, rounds: once, latest })),
    sudo:
      farm.sudoer === undefined ? [] : [{ scenario: 's2', way: 'sudo', contenders: withSudo, rounds: once, latest }],
    disk: near.map((scenario) => ({ scenario, way: 'slow disk', contenders: withJournal, rounds: once, latest })),
  };
  return Object.entries(parts).flatMap(([part, some]) => (isDue(part) ? some : []));
}
