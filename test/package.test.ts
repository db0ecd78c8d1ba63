import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const checkout = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'cairn-package-'));
const site = join(folder, 'site');
const installed = join(site, 'node_modules/@cairnhq/cairn');

const step = `import { restore, step, T, text } from '@cairnhq/cairn';

export default step({
  summary: 'Greet',
  on: 'hosts',
  vars: T.Object({ name: T.String() }),
  undo: restore,
  resources({ vars }) {
    const name: string = vars.name;
    text\`hello \${name}\`;
    return {};
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
  writeFileSync(join(site, 'steps/hello/10_greet.ts'), step);
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
