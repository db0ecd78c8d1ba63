import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { listens } from '../ports.ts';
import { until } from '../until.ts';
import { machineRoot, unpackMachine } from './root.ts';

const run = promisify(execFile);

/** A Debian with systemd and sshd, an address and processes of its own. */
export interface Machine {
  readonly name: string;
  /** IPv4, reachable from this machine alone. */
  readonly address: string;
  /** This machine's address on the way to it. */
  readonly ours: string;
  /** Its sshd's public key, as a line of known_hosts holds it. */
  readonly hostKey: string;
  /** Runs a script as root, not by SSH; gives what it printed. Rejects when it fails. */
  sh(script: string): Promise<string>;
  /** Copies a file or a folder of this machine to a place there, as root's. */
  bring(from: string, to: string): Promise<void>;
  /** Ends it as a power cut does. */
  stop(): Promise<void>;
}

/** @param key the public key that lets root in by SSH */
export async function startMachine(name: string, key: string): Promise<Machine> {
  unpackMachine();
  const link = `cm${randomInt(2 ** 32).toString(36)}`;
  const [ours, address] = freeAddresses();
  const cgroup = `cairn-${link}`;
  const child = spawn('sh', [join(import.meta.dirname, 'boot.sh'), name, machineRoot, key, cgroup], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await firstProcess(child, () => said);
  await run('ip', ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(child.pid)]);
  await run('ip', ['address', 'add', `${ours}/30`, 'dev', link]);
  await run('ip', ['link', 'set', link, 'up']);
  // Another one after a restart.
  const first = (): Promise<number> => firstProcess(child, () => said);
  const sh = async (script: string): Promise<string> => {
    const inside = ['-t', String(await first()), '--all', '--root', '--wd'];
    const { stdout } = await run('nsenter', [...inside, 'sh', '-ec', script], { maxBuffer: 64 << 20 });
    return stdout;
  };
  await sh(`ip address add ${address}/30 dev eth0; ip link set eth0 up`);
  await until(`the sshd of ${name}`, () => listens(22, address));
  await sh('systemctl is-system-running --wait >/dev/null || true');
  const hostKey = readFileSync(join(machineRoot, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
  return {
    name,
    address,
    ours,
    hostKey: hostKey.split(' ').slice(0, 2).join(' '),
    sh,
    bring: async (from, to) => void (await run('cp', ['-rL', from, `/proc/${await first()}/root${to}`])),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      await removeCgroups(cgroup);
    },
  };
}

/** Two addresses of a network of two, from the range that is set aside for measuring devices (RFC 2544). */
function freeAddresses(): readonly [string, string] {
  const network = randomInt(2 ** 14) * 4;
  const at = (host: number): string => `198.18.${network >> 8}.${(network & 255) + host}`;
  return [at(1), at(2)];
}

// The shell that starts it again has unshare for a child, and that the process that becomes systemd.
async function firstProcess(child: ChildProcess, said: () => string): Promise<number> {
  let first = 0;
  await until('the first process of a machine', () => {
    if (child.exitCode !== null) throw new Error(`the machine did not start: ${said()}`);
    first = childOf(childOf(child.pid)) ?? 0;
    return readText(`/proc/${first}/comm`) === 'systemd\n';
  });
  return first;
}

function childOf(pid: number | undefined): number | undefined {
  const [child] = readText(`/proc/${pid}/task/${pid}/children`).split(' ');
  return child ? Number(child) : undefined;
}

// They are removable once the last process has gone, which takes the kernel a moment.
async function removeCgroups(name: string): Promise<void> {
  for (const top of ['/sys/fs/cgroup', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified']) {
    for (let tries = 0; tries < 40 && !isRemoved(join(top, name)); tries += 1) await setTimeout(25);
  }
}

function isRemoved(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) isRemoved(join(folder, entry.name));
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
