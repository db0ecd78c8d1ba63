import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, statusOf } from './ports.ts';
import { until } from './until.ts';

const run = promisify(execFile);
/** The release that the image has. */
const release = '6.20.3';
const home = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn', 'devpi-server', release);

/** Milliseconds that one may take to start; the first time it is installed. */
export const devpiTimeout = 10 * 60_000;

/** Why there is no devpi-server to try on here, or null. It is installed where a test may take its time. */
export function whyNoDevpi(): string | null {
  const mayInstall = Boolean(process.env.CI) || process.env.CAIRN_TEST_HOST === '1';
  return existsSync(join(home, 'complete')) || mayInstall
    ? null
    : 'skipped: devpi-server is not in the cache; CAIRN_TEST_HOST=1 installs it';
}

/** A real devpi-server on loopback, without TLS and without the public index. */
export interface Devpi {
  readonly url: string;
  /** Of `root`. */
  readonly password: string;
  stop(): Promise<void>;
}

export async function startDevpi(): Promise<Devpi> {
  await install();
  const folder = await mkdtemp(join(tmpdir(), 'cairn-devpi-'));
  const data = join(folder, 'data');
  const secret = join(folder, 'secret');
  const password = 'devpi-root-canary';
  await run(join(home, 'bin/devpi-init'), ['--serverdir', data, '--root-passwd', password, '--no-root-pypi']);
  await run(join(home, 'bin/devpi-gen-secret'), ['--secretfile', secret]);
  const port = await freePort();
  // The secret is random: stretching it would only cost time.
  const cheap = ['--argon2-time-cost', '1', '--argon2-memory-cost', '65536'];
  const where = ['--serverdir', data, '--secretfile', secret, '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(join(home, 'bin/devpi-server'), [...where, ...cheap], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await until('devpi-server to answer', async () => (await statusOf(`${url}/+api`)) === 200);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, password, stop };
}

// Whole or not at all: its programs know the folder by name, so what a killed install left is taken away first.
async function install(): Promise<void> {
  const mark = join(home, 'complete');
  if (existsSync(mark)) return;
  await rm(home, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', home]);
  const pip = ['install', '-q', '--disable-pip-version-check', `devpi-server==${release}`];
  await run(join(home, 'bin/pip'), pip, { timeout: devpiTimeout });
  await writeFile(mark, '');
}
