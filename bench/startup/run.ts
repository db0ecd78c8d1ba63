// Figures of PROMISES P12: how long Cairn takes to start, beside a bare Node, in one run. Prints a Markdown table.
//   node bench/startup/run.ts [REPETITIONS]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPacked } from '../packed.ts';

interface Contender {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string;
}

const root = join(import.meta.dirname, '..', '..');
const work = mkdtempSync(join(tmpdir(), 'cairn-startup-'));
const repetitions = Number(process.argv[2] ?? 15);

try {
  const project = makeProject(join(work, 'project'));
  const packed = installPacked(join(work, 'packed'));
  const source = join(root, 'bin', 'cairn.mjs');
  const plan = ['plan', 'playbooks/demo.yaml'];
  const contenders: readonly Contender[] = [
    { name: 'bare Node: `node -e 0`', argv: ['-e', '0'], cwd: root },
    { name: '`cairn --version`', argv: [source, '--version'], cwd: root },
    { name: '`cairn plan`, nothing to do, from source', argv: [source, ...plan], cwd: project },
    { name: '`cairn plan`, nothing to do, packed', argv: [packed, ...plan], cwd: project },
    { name: '`cairn lint`, from source', argv: [source, 'lint'], cwd: project },
  ];
  for (const { argv, cwd } of contenders) once(argv, cwd);
  const times = contenders.map(() => [] as number[]);
  // In turn, so that a machine that slows down slows all of them down.
  for (let i = 0; i < repetitions; i += 1) {
    contenders.forEach(({ argv, cwd }, j) => {
      times[j]?.push(once(argv, cwd));
    });
  }
  print(contenders, times);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function once(argv: readonly string[], cwd: string): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - began;
}

/** A project of one host and three files, converged already: a plan has nothing to do but must look at everything. */
function makeProject(folder: string): string {
  const target = join(folder, 'target');
  const file = (name: string): string =>
    `    ${name}: host.file({ path: '${target}/${name}', content: 'x\\n', mode: '0644' }),`;
  const files: Readonly<Record<string, string>> = {
    'package.json': '{ "type": "module" }',
    'cairn.yaml': 'name: startup\ninventory: inventory/local\n',
    'inventory/local/hosts.yaml': 'all: { hosts: { localhost: { ansible_connection: local } } }\n',
    'playbooks/demo.yaml': 'components:\n  - { component: demo, hosts: localhost }\n',
    'steps/demo/10_files.ts': [
      "import { host, restore, step } from '@cairnhq/cairn';",
      'export default step({',
      "  summary: 'Three files',",
      "  on: 'hosts',",
      '  undo: restore,',
      '  resources: () => ({',
      file('a'),
      file('b'),
      file('c'),
      '  }),',
      '});',
      '',
    ].join('\n'),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(target);
  for (const name of ['a', 'b', 'c']) writeFileSync(join(target, name), 'x\n', { mode: 0o644 });
  return folder;
}

function print(contenders: readonly Contender[], times: readonly (readonly number[])[]): void {
  const medians = times.map(median);
  const bare = medians[0] ?? 1;
  console.log(
    `${cpus().length} cores, ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, ${repetitions} rounds, ${new Date().toISOString().slice(0, 10)}\n`,
  );
  console.log('| what | median | least | most | × bare Node |\n|---|---|---|---|---|');
  contenders.forEach(({ name }, i) => {
    const all = times[i] ?? [];
    const ms = [medians[i] ?? 0, Math.min(...all), Math.max(...all)].map((value) => `${Math.round(value)} ms`);
    console.log(`| ${name} | ${ms.join(' | ')} | ${((medians[i] ?? 0) / bare).toFixed(1)} |`);
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
