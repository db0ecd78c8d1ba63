import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Checkout, checkoutOf } from '../cli/rig.ts';
import { root } from '../e2e/rig.ts';
import { startSshd, whyNoSshd } from '../rig/sshd.ts';

const why = whyNoSshd();
const counts = [1_000, 10_000] as const;
const types = {
  purge: (path: string) => `host.purge({ path: '${path}' })`,
  permissions: (path: string) =>
    `host.permissions({ path: '${path}', owner: 'daemon', fileMode: '0600', directoryMode: '0700' })`,
} as const;
type Type = keyof typeof types;

/** One command of the real program, as it was seen from outside. */
interface Figure {
  readonly type: Type;
  readonly files: number;
  readonly command: 'plan' | 'up' | 'up again' | 'undo';
  readonly seconds: number;
  /** Of memory, at most. */
  readonly mebibytes: number;
  readonly roundTrips: number;
  /** What the journal grew by. */
  readonly journalBytes: number;
}

// What a run took at most is known to itself alone.
const noteMemory = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.PEAK,String(process.resourceUsage().maxRSS)))`;

describe.skipIf(why !== null)(why ?? 'a directory with thousands of files, over SSH', () => {
  it('is purged, gets its permissions, and is given back, in time that grows as it does', async () => {
    const figures: Figure[] = [];
    for (const files of counts)
      for (const type of ['permissions', 'purge'] as const) figures.push(...(await trial(type, files)));
    write(figures);
    for (const large of figures.filter(({ files }) => files === 10_000)) {
      const small = figures.find(
        (one) => one.files === 1_000 && one.type === large.type && one.command === large.command,
      );
      expect(large.seconds / (small?.seconds ?? 0), `${large.type} ${large.command}`).toBeLessThan(25);
    }
  });
});

async function trial(type: Type, files: number): Promise<readonly Figure[]> {
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const folder = fill(files);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const before = listing(folder);
  const way = `ansible_host: 127.0.0.1, ansible_port: ${sshd.port}, ansible_user: root, ansible_ssh_private_key_file: ${sshd.key}`;
  const checkout = checkoutOf('shop', [
    ['steps/conf/10_all.ts', stepOf(types[type](folder))],
    ['playbooks/conf.yaml', 'components: [{ component: conf, hosts: web1 }]\n'],
    ['playbooks/shop.yaml', 'components: []\n'],
    ['playbooks/machine.yaml', 'components: []\n'],
    ['inventory/local/hosts.yaml', `all: { hosts: { web1: { ${way} } } }\n`],
  ]);
  mkdirSync(join(checkout.root, 'home/.ssh'), { recursive: true });
  writeFileSync(join(checkout.root, 'home/.ssh/known_hosts'), readFileSync(join(sshd.home.home, '.ssh/known_hosts')));
  const figures: Figure[] = [];
  for (const command of ['plan', 'up', 'up again', 'undo'] as const) {
    figures.push({ type, files, command, ...(await measured(checkout, command)) });
    if (command === 'up again') expect(listing(folder)).not.toBe(before);
  }
  expect(listing(folder)).toBe(before);
  return figures;
}

function stepOf(resource: string): string {
  return `import { host, restore, step } from '@cairnhq/cairn';
export default step({ summary: 'All', on: 'hosts', undo: restore, resources: () => ({ all: ${resource} }) });
`;
}

function fill(files: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-many-'));
  for (let at = 0; at < files; at += 1) {
    const inside = join(folder, `d${at % 100}`);
    if (at < 100) mkdirSync(inside);
    writeFileSync(join(inside, `file ${at}`), `${at}\n`);
  }
  return folder;
}

function listing(folder: string): string {
  const script = `find . -printf '%p %y %m %u %g\\n' | sort; find . -type f -exec cat {} + | sha256sum`;
  return execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8', maxBuffer: 64 << 20 });
}

async function measured(
  { root, cairn }: Checkout,
  command: Figure['command'],
): Promise<Omit<Figure, 'type' | 'files' | 'command'>> {
  const [trace, peak] = [join(root, `${command}.trace`), join(root, 'peak')];
  const words =
    command === 'plan'
      ? ['plan', 'playbooks/conf.yaml']
      : [command.split(' ')[0] ?? '', 'playbooks/conf.yaml', '--yes'];
  const grown = journalBytes(root);
  const start = performance.now();
  const env = { NODE_OPTIONS: `--import="data:text/javascript,${noteMemory}"`, PEAK: peak };
  const { code, stderr } = await cairn([...words, '--trace-io', trace], env);
  expect([code, stderr]).toEqual([0, '']);
  return {
    seconds: (performance.now() - start) / 1000,
    mebibytes: Number(readFileSync(peak, 'utf8')) / 1024,
    roundTrips: readFileSync(trace, 'utf8').split('\n').length - 1,
    journalBytes: journalBytes(root) - grown,
  };
}

function journalBytes(root: string): number {
  const state = join(root, 'home/.local/state/cairn');
  if (!existsSync(state)) return 0;
  const names = readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('journal'));
  const stats = names.map((name) => statSync(join(state, name)));
  return stats.reduce((sum, one) => sum + (one.isFile() ? one.size : 0), 0);
}

function write(figures: readonly Figure[]): void {
  const rows = figures.map(({ type, files, command, seconds, mebibytes, roundTrips, journalBytes: bytes }) =>
    [type, files, command, seconds.toFixed(1), mebibytes.toFixed(0), roundTrips, (bytes / 2 ** 20).toFixed(2)].join(
      ' | ',
    ),
  );
  const page = [
    '# A directory with thousands of files',
    '',
    `\`npm run proof -- many-files\`, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, on ${availableParallelism()} cores of ${cpus()[0]?.model.trim()} with ${(totalmem() / 2 ** 30).toFixed(0)} GiB, over SSH to the same machine; \`test/proof/many-files.test.ts\` wrote this page.`,
    '',
    '`host.purge` and `host.permissions` of a directory in which nothing is declared: 100 directories with all the files in them. Afterwards undo has given everything back.',
    '',
    '| | files | | seconds | MiB of memory at most | round trips | MiB of journal |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ];
  mkdirSync(join(root, 'docs/proof'), { recursive: true });
  writeFileSync(join(root, 'docs/proof/many-files.md'), `${page.join('\n')}\n`);
}
