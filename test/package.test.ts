import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const checkout = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'cairn-package-'));
const site = join(folder, 'site');
const installed = join(site, 'node_modules/@cairnhq/cairn');

const greeting = join(folder, 'greeting');

const step = `import { host, restore, step, T, text } from '@cairnhq/cairn';

export default step({
  summary: 'Greet',
  on: 'hosts',
  vars: T.Object({ name: T.String() }),
  undo: restore,
  resources({ vars }) {
    const name: string = vars.name;
    return { greeting: host.file({ path: '${greeting}', content: text\`hello \${name}\` }) };
  },
});
`;

// What a user does: npm install, and a step of their own. Scripts stay off, as many sites demand.
beforeAll(async () => {
  // This checkout's .npmrc keeps npm from running scripts; the package is built by one.
  await run('npm', ['pack', '--ignore-scripts=false', '--pack-destination', folder], { cwd: checkout });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  mkdirSync(join(site, 'steps/hello'), { recursive: true });
  writeFileSync(join(site, 'package.json'), JSON.stringify({ name: 'site', private: true, type: 'module' }));
  for (const name of ['inventory/local', 'playbooks']) mkdirSync(join(site, name), { recursive: true });
  writeFileSync(join(site, 'steps/hello/10_greet.ts'), step);
  writeFileSync(join(site, 'cairn.yaml'), 'inventory: inventory/local\n');
  writeFileSync(
    join(site, 'inventory/local/hosts.yaml'),
    'all:\n  hosts:\n    localhost:\n      ansible_connection: local\n',
  );
  writeFileSync(
    join(site, 'playbooks/hello.yaml'),
    'components:\n  - component: hello\n    hosts: localhost\n    vars:\n      name: world\n',
  );
  await run(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', join(folder, String(tarball))],
    { cwd: site },
  );
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the package holds what runs, and neither sources nor tests', () => {
  expect(
    readdirSync(installed)
      .filter((name) => name !== 'README.md')
      .sort(),
  ).toEqual(['CHANGELOG.md', 'LICENSE', 'bin', 'dist', 'package.json']);
  expect(existsSync(join(installed, 'dist/src/cli/main.ts'))).toBe(false);
});

test('its cairn answers where it is installed', async () => {
  const { stdout } = await run(join(site, 'node_modules/.bin/cairn'), ['--version'], { cwd: site });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('a step of the user can import its SDK', async () => {
  const script = "const made = await import('./steps/hello/10_greet.ts'); console.log(made.default.summary);";
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: site });
  expect(stdout).toBe('Greet\n');
});

test('a step of the user is checked against its types', async () => {
  const compiler = join(checkout, 'node_modules/.bin/tsc');
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--skipLibCheck',
    '--typeRoots',
    join(checkout, 'node_modules/@types'),
  ];
  await run(compiler, [...options, 'steps/hello/10_greet.ts'], { cwd: site });
  writeFileSync(join(site, 'wrong.ts'), step.replace('name: string', 'name: number'));
  await expect(run(compiler, [...options, 'wrong.ts'], { cwd: site })).rejects.toMatchObject({
    stdout: expect.stringMatching(/wrong\.ts\(\d+,\d+\): error TS2322/),
  });
});

/** Runs the installed cairn in the user's project; an exit code of 0 is expected. */
async function cairn(...words: readonly string[]): Promise<string> {
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state'), XDG_CACHE_HOME: join(folder, 'cache') };
  const { stdout } = await run(join(site, 'node_modules/.bin/cairn'), words, { cwd: site, env });
  return stdout;
}

test.skipIf(process.getuid?.() !== 0)(
  'a playbook of the user goes all the way: plan, up, up again, undo (needs root)',
  async () => {
    const playbook = 'playbooks/hello.yaml';
    expect(await cairn('plan', playbook)).toContain(`+ file ${greeting}`);
    expect(existsSync(greeting)).toBe(false);
    expect(await cairn('up', playbook, '--yes')).toContain('1 created');
    expect(readFileSync(greeting, 'utf8')).toBe('hello world');
    expect(await cairn('up', playbook, '--yes')).toContain('unchanged');
    expect(await cairn('undo', playbook, '--yes')).toContain(`- file ${greeting}`);
    expect(existsSync(greeting)).toBe(false);
  },
);
