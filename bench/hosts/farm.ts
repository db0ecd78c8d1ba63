import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addAccount } from './account.ts';
import { hostName } from './workloads.ts';

/** What a program that works on the hosts must know; it lies in the farm's folder as JSON. */
export interface FarmNotes {
  readonly user: string;
  /** Somebody else, who becomes root by sudo. */
  readonly sudoer: string | undefined;
  /** A private key that they all let in. */
  readonly key: string;
  readonly knownHosts: string;
  readonly hosts: readonly FarmHost[];
}

export const farmFile = 'farm.json';

/** So many SSH servers on this machine, each with its own key and folder: the hosts. */
export interface Farm extends FarmNotes {
  /** Holds everything; gone at the end. */
  readonly folder: string;
  /** Empties the hosts' folders, and those that contenders keep of earlier runs. */
  wipe(): void;
  close(): Promise<void>;
}

export interface FarmHost {
  readonly name: string;
  readonly port: number;
  /** Behind the delay, where one is on. */
  readonly slowPort: number;
  /** Where the work is to be done. */
  readonly root: string;
}

const sshd = ['/usr/sbin/sshd', '/usr/bin/sshd'].find(existsSync);

/** Starts the servers, and adds a user who may use sudo, where that is. Needs root. @param port the first of 2 × count */
export async function openFarm(count: number, port: number): Promise<Farm> {
  if (!sshd) throw new Error('there is no sshd here: apt-get install openssh-server');
  const folder = mkdtempSync(join(tmpdir(), 'cairn-hosts-'));
  chmodSync(folder, 0o711);
  for (const name of ['home/.ssh', 'remote', 'sshd', 'targets', 'work', 'state'])
    mkdirSync(join(folder, name), { recursive: true });
  if (process.getuid?.() !== 0) throw new Error('this needs root');
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const account = addAccount(join(folder, 'remote'));
  const key = join(folder, 'client');
  makeKey(key);
  const hosts = Array.from({ length: count }, (_, i): FarmHost => {
    const name = hostName(i + 1);
    return { name, port: port + i, slowPort: port + count + i, root: join(folder, 'targets', name) };
  });
  const knownHosts = join(folder, 'home/.ssh/known_hosts');
  writeFileSync(knownHosts, hosts.map((host) => prepare(folder, host)).join(''));
  const servers = hosts.map(({ name }) =>
    spawn(sshd, ['-D', '-e', '-f', join(folder, 'sshd', `${name}.conf`)], { stdio: 'ignore' }),
  );
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(end));
    account?.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const host of hosts) {
    await answers(host).catch(async (error: unknown) => {
      await close();
      throw error;
    });
  }
  const notes: FarmNotes = { user: 'root', sudoer: account?.user, key, knownHosts, hosts };
  writeFileSync(join(folder, farmFile), JSON.stringify(notes));
  return {
    folder,
    ...notes,
    wipe: () => {
      for (const { root } of hosts) empty(root);
      for (const name of ['work', 'state']) empty(join(folder, name));
    },
    close,
  };
}

// Answers its lines of known_hosts.
function prepare(folder: string, { name, port, slowPort, root }: FarmHost): string {
  const key = join(folder, 'sshd', name);
  makeKey(key);
  mkdirSync(root);
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${key}`,
    `AuthorizedKeysFile ${join(folder, 'client.pub')}`,
    'PermitRootLogin yes',
    // A bash that is root's shell would read .bashrc first, and whatever stands there would be measured.
    'SetEnv SHLVL=1',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PidFile none',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'MaxStartups 500',
    'PrintMotd no',
    'LogLevel ERROR',
    'Subsystem sftp internal-sftp',
  ];
  writeFileSync(`${key}.conf`, `${settings.join('\n')}\n`);
  const [type, encoded] = readFileSync(`${key}.pub`, 'utf8').split(' ');
  return [port, slowPort].map((at) => `[127.0.0.1]:${at} ${type} ${encoded}\n`).join('');
}

function makeKey(file: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
}

async function answers({ name, port }: FarmHost): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isThere) return;
    await sleep(25);
  }
  throw new Error(`the server of ${name} does not answer on port ${port}: is the port taken? (--port)`);
}

function end(server: ChildProcess): Promise<unknown> {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  return server.kill() ? gone : Promise.resolve();
}

function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
}
