import { execFile, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const checkout = join(import.meta.dirname, '../..');
const root = mkdtempSync(join(tmpdir(), 'cairn-launcher-'));
const launcher = join(root, 'bin/cairn.mjs');

const main = `
import { pathToFileURL } from 'node:url';
import { running } from '../sdk.ts';

export async function main(argv: readonly string[], version: string): Promise<number> {
  if (argv[0] === 'wait') {
    process.on('SIGTERM', () => process.exit(42));
    console.log('waiting');
    await new Promise((done) => setTimeout(done, 300_000));
  }
  const step = argv[0] === 'step' ? await import(pathToFileURL(String(argv[1])).href) : undefined;
  console.log(JSON.stringify({ argv, version, node: process.versions.node, isOneSdk: step && step.default === running }));
  return 7;
}
`;

// The launcher with the smallest program behind it: it must work wherever it lies.
beforeAll(() => {
  for (const folder of ['bin', 'src/cli', 'user', 'node_modules', 'old/bin'])
    mkdirSync(join(root, folder), { recursive: true });
  cpSync(join(checkout, 'bin/cairn.mjs'), launcher);
  cpSync(join(checkout, 'package.json'), join(root, 'package.json'));
  writeFileSync(join(root, 'src/cli/main.ts'), main);
  writeFileSync(join(root, 'src/sdk.ts'), 'export const running: object = {};\n');
  writeFileSync(
    join(root, 'user/step.ts'),
    "import { running } from '@cairnhq/cairn';\nexport default running satisfies object;\n",
  );
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

async function answerOf(
  node: string,
  words: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { NODE_COMPILE_CACHE: _, ...ambient } = process.env;
  const env = { ...ambient, XDG_CACHE_HOME: join(root, 'cache') };
  try {
    return { code: 0, ...(await run(node, [launcher, ...words], { env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

test('words, version and exit code go through', async () => {
  const { code, stdout } = await answerOf(process.execPath, ['plan', 'p.yaml', '--set', 'a b=c']);
  expect(code).toBe(7);
  expect(JSON.parse(stdout)).toMatchObject({
    argv: ['plan', 'p.yaml', '--set', 'a b=c'],
    version: expect.stringMatching(/^\d/),
  });
});

test('a step of any folder gets the SDK that runs', async () => {
  const { stdout } = await answerOf(process.execPath, ['step', join(root, 'user/step.ts')]);
  expect(JSON.parse(stdout)).toMatchObject({ isOneSdk: true });
});

test('what was compiled is kept under the cache folder', () => {
  expect(existsSync(join(root, 'cache/cairn/compiled'))).toBe(true);
});

const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find((file) => existsSync(file));
const oldVersion = oldNode ? (await run(oldNode, ['--version'])).stdout.trim() : 'none';
const isOld = /^v(1\d|20|21|22\.(1[0-8]|\d))\./.test(oldVersion);

test.skipIf(!isOld)(
  `an old Node hands over to the one that was installed (needs a Node older than 22.19, found ${oldVersion})`,
  async () => {
    const { code, stdout } = await answerOf(String(oldNode), ['plan']);
    expect({ code, stdout }).toMatchObject({ code: 2 });

    const name = `node-${process.platform}-${process.arch}`;
    symlinkSync(join(checkout, 'node_modules', name), join(root, 'node_modules', name));
    const answer = await answerOf(String(oldNode), ['plan', 'p.yaml']);
    expect(answer.code).toBe(7);
    expect(JSON.parse(answer.stdout)).toMatchObject({
      argv: ['plan', 'p.yaml'],
      node: expect.stringMatching(/^2[2-9]\./),
    });

    const child = spawn(String(oldNode), [launcher, 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((done) => child.stdout.once('data', done));
    child.kill('SIGTERM');
    expect(await new Promise((done) => child.once('exit', done))).toBe(42);
    rmSync(join(root, 'node_modules', name));
  },
);

test.skipIf(!isOld)(
  `an old Node alone says what it found, what is needed and how to get it (found ${oldVersion})`,
  async () => {
    const { code, stdout, stderr } = await answerOf(String(oldNode), ['plan']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      `cairn needs Node 22.19 or newer; this is Node ${oldVersion.slice(1)} (${oldNode}).`,
      `    Another one would be used, but the one that comes with Cairn isn't installed for ${process.platform} ${process.arch}.`,
      '    Install a newer Node, or install Cairn with its optional dependencies: npm install --include=optional',
      '',
    ]);
  },
);

test('--version answers on any Node, without starting anything', async () => {
  chmodSync(launcher, 0o755);
  const { stdout } = await answerOf(isOld ? String(oldNode) : process.execPath, ['--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
