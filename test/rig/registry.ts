import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, statusOf } from './ports.ts';
import { pathOf } from './programs.ts';
import { until } from './until.ts';

/** A registry on loopback without TLS, for which one has to log in. */
export interface Registry {
  /** `127.0.0.1:40123` */
  readonly host: string;
  readonly login: { readonly username: string; readonly password: string };
  stop(): Promise<void>;
}

const login = { username: 'cairn', password: 'oci-canary-battery' };
// bcrypt of that password, as htpasswd has it; the registry takes no other form.
const hash = '$2y$04$abcdefghijklmnopqrstuuN.771WIFmip.Eda4Ua./dHBVk85x9Vu';

/** Starts an empty one; ready in well under a second. */
export async function startRegistry(): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  await writeFile(join(folder, 'htpasswd'), `${login.username}:${hash}\n`);
  const settings = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: host },
    auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } },
  };
  await writeFile(join(folder, 'settings.yml'), JSON.stringify(settings));
  const child = spawn(pathOf('registry'), ['serve', join(folder, 'settings.yml')], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until('the registry to answer', async () => (await statusOf(`http://${host}/v2/`)) === 401);
  } catch (error) {
    await stop();
    throw error;
  }
  return { host, login, stop };
}
