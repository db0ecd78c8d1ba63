import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KnownEndpoint } from '../../src/model/endpoint.ts';
import { Secret } from '../../src/model/secret.ts';
import { freePort, statusOf } from './ports.ts';
import { until } from './until.ts';

const run = promisify(execFile);
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn', 'keycloak');
const maven = process.env.CAIRN_MAVEN ?? 'https://repo1.maven.org/maven2';
const password = 'keycloak-admin-canary';

/** Two major versions: the newest that this project was tried with, and the one before. */
export type Release = '26.4.0' | '25.0.6';

/** Milliseconds that one may take to start; the first time it is downloaded and its database made. */
export const keycloakTimeout = 10 * 60_000;

/** Why there is no Keycloak to try on here, or null. It is downloaded where a test may take its time. */
export function whyNoKeycloak(release: Release): string | null {
  const mayInstall = Boolean(process.env.CI) || process.env.CAIRN_TEST_HOST === '1';
  return existsSync(homeOf(release)) || mayInstall
    ? null
    : 'skipped: Keycloak is not in the cache; CAIRN_TEST_HOST=1 downloads it';
}

/** A real Keycloak on loopback without TLS; its database is its own. */
export interface Keycloak {
  readonly target: KnownEndpoint;
  stop(): Promise<void>;
}

/** Starts one with an empty realm `master`: about ten seconds once it is in the cache. */
export async function startKeycloak(release: Release): Promise<Keycloak> {
  if (!existsSync('/usr/bin/java')) await run('apt-get', ['install', '-y', '-q', 'openjdk-17-jre-headless']);
  const home = await prepared(release);
  const folder = await mkdtemp(join(tmpdir(), 'cairn-keycloak-'));
  await cp(join(home, 'database'), join(folder, 'database'), { recursive: true });
  const server = await started(home, folder);
  const { url } = server;
  const login = { user: 'admin', password: new Secret(password), realm: 'master' };
  return {
    target: { kind: 'endpoint', type: 'keycloak', name: 'sso', url, login },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function homeOf(release: Release): string {
  return join(cache, release);
}

// Whole or not at all: what a cut download or a killed start leaves behind has another name.
async function prepared(release: Release): Promise<string> {
  const home = homeOf(release);
  if (existsSync(home)) return home;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'new-'));
  const name = 'keycloak-quarkus-dist';
  const archive = join(fresh, 'archive.tar.gz');
  const url = `${maven}/org/keycloak/${name}/${release}/${name}-${release}.tar.gz`;
  await run('curl', ['-sSfL', '--retry', '3', '-o', archive, url]);
  await run('tar', ['-xzf', archive, '-C', fresh, '--strip-components=1']);
  await rm(archive);
  await run(join(fresh, 'bin/kc.sh'), ['build', '--db=dev-file', '--health-enabled=true'], { env: environment() });
  const first = await started(fresh, fresh);
  await first.stop();
  await rename(fresh, home);
  return home;
}

interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

async function started(home: string, folder: string): Promise<Started> {
  const [port, management] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const words = [
    'start',
    '--optimized',
    '--http-enabled=true',
    '--http-host=127.0.0.1',
    `--http-port=${port}`,
    `--http-management-port=${management}`,
    '--hostname-strict=false',
    `--db-url=jdbc:h2:file:${join(folder, 'database', 'keycloak')};NON_KEYWORDS=VALUE`,
  ];
  const child = spawn(join(home, 'bin/kc.sh'), words, {
    detached: true,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = join(folder, 'server.log');
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void appendFile(log, chunk));
  const stop = (): Promise<void> => end(child);
  try {
    await until('Keycloak to answer', async () => {
      if (child.exitCode !== null) throw new Error('it has ended');
      return (await statusOf(`${url}/realms/master`)) === 200;
    });
  } catch (error) {
    await stop();
    throw new Error(`Keycloak did not start: ${(await readFile(log, 'utf8')).slice(-2000)}`, { cause: error });
  }
  return { url, stop };
}

// What it costs to run fast for long isn't worth it for a test: one compiler, a small heap.
function environment(): NodeJS.ProcessEnv {
  const admin = { KC_BOOTSTRAP_ADMIN_USERNAME: 'admin', KC_BOOTSTRAP_ADMIN_PASSWORD: password };
  const older = { KEYCLOAK_ADMIN: 'admin', KEYCLOAK_ADMIN_PASSWORD: password };
  return { ...process.env, ...admin, ...older, JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx384m -XX:TieredStopAtLevel=1' };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // Its launcher is a shell, which doesn't pass signals on.
  process.kill(-child.pid);
  await ended;
}
