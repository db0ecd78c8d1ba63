import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../e2e/rig.ts';
import { hasDebianRoots } from '../rig/debian-root.ts';
import { hasProgram } from '../rig/shell-folder.ts';
import { whyNoSshd } from '../rig/sshd.ts';

const shells = ['dash', 'bash', 'busybox'] as const;
const lacking = shells.filter((shell) => !hasProgram(shell));
const why =
  whyNoSshd() ??
  (hasDebianRoots ? null : 'skipped: needs a Debian of its own (CAIRN_TEST_HOST=1)') ??
  (lacking.length > 0 ? `skipped: ${lacking.join(', ')} is not installed` : null);

/** What vitest's own JSON says of a file. */
interface TestFile {
  readonly name: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages?: readonly string[];
  }[];
}

describe.skipIf(why !== null)(why ?? 'every host type on a real sshd', () => {
  it('passes its contract suite under dash, bash and busybox', () => {
    const files = runSuites();
    write(files);
    expect(files.flatMap(failedIn)).toEqual([]);
    expect(files.length).toBeGreaterThan(15);
  });
});

// A vitest of its own: the shells are chosen when the suites are loaded.
function runSuites(): readonly TestFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-shells-'));
  const file = join(folder, 'results.json');
  const words = [
    'run',
    '--project',
    'fast',
    '--testTimeout=300000',
    '--reporter=json',
    `--outputFile=${file}`,
    'test/contract/host',
  ];
  const env = { ...process.env, CAIRN_SHELLS: shells.join(','), CAIRN_TEST_HOST: '1', NODE_OPTIONS: '' };
  spawnSync(join(root, 'node_modules/.bin/vitest'), words, { cwd: root, env, stdio: 'ignore' });
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as { readonly testResults: readonly TestFile[] };
  rmSync(folder, { recursive: true });
  return testResults.filter((one) => shells.some((shell) => casesOf(one, shell).length > 0));
}

function casesOf({ assertionResults }: TestFile, shell: string): TestFile['assertionResults'] {
  const world = new RegExp(`(sshd|SSH) with ${shell}\\b`);
  return assertionResults.filter(({ fullName, status }) => world.test(fullName) && status !== 'skipped');
}

function failedIn(file: TestFile): readonly string[] {
  return file.assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages = [] }) => `${fullName}: ${failureMessages.join(' ').split('\n')[0]}`);
}

function nameOf({ name }: TestFile): string {
  return basename(name, '.test.ts').replaceAll('-', ' ');
}

function write(files: readonly TestFile[]): void {
  const passed = (file: TestFile, shell: string): string => {
    const cases = casesOf(file, shell);
    return `${cases.filter(({ status }) => status === 'passed').length} of ${cases.length}`;
  };
  const all = shells.map((shell) => files.flatMap((file) => casesOf(file, shell)));
  const rows = files.map((file) => `| ${[nameOf(file), ...shells.map((shell) => passed(file, shell))].join(' | ')} |`);
  const failed = files.flatMap(failedIn);
  const page = [
    '# Host types under three shells',
    '',
    `\`npm run proof -- shells\`, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC; \`test/proof/shells.test.ts\` wrote this page.`,
    '',
    `- **${failed.length} failures in ${all.flat().length} cases.** Each suite of \`test/contract/host\` ran by SSH through a real sshd: in a folder of this machine, in a fresh Debian, or on a machine with systemd.`,
    '- The shell is `sh` there. With busybox, everything else that it knows comes from it, too: `stat`, `find`, `sed`, `mv`, `sha256sum`, ….',
    '',
    `| suite | ${shells.join(' | ')} |`,
    '|---|---|---|---|',
    ...rows.sort(),
    ...failed.map((name) => `\n- failed: ${name}`),
  ];
  mkdirSync(join(root, 'docs/proof'), { recursive: true });
  writeFileSync(join(root, 'docs/proof/shells.md'), `${page.join('\n')}\n`);
}
