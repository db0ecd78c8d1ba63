import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { envOf } from '../project/rig.ts';
import { launcher } from '../rig/launcher.ts';
import { type Machine, startMachine } from '../rig/machine/machine.ts';
import { makeRepository, type Repository } from './repository.ts';

const checkout = join(import.meta.dirname, '../..');
export const playbook = 'playbooks/site.yaml';
export const secrets = {
  OPERATOR_PASSWORD_HASH: '$6$saltsalt$canary.Z9mXoPq4o0Kx1abcdefghij',
  STORE_PASSWORD: 'canary-of-the-store',
} as const;

const names = ['web1', 'web2', 'db1'] as const;
export type HostName = (typeof names)[number];

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  /** With what it said on stderr. */
  readonly said: string;
}

/** The example on machines of its own. */
export interface Site {
  /** A copy of examples/three-hosts whose inventory knows the machines. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly machines: ReadonlyMap<HostName, Machine>;
  /** The real program in it. */
  cairn(...words: readonly string[]): Promise<Ran>;
  /** The same of every machine, at once; in their order. */
  each<T>(ask: (machine: Machine) => Promise<T>): Promise<readonly T[]>;
  stop(): Promise<void>;
}

/**
 * Hosts that have nothing yet but sshd, a repository to install from, and what their owners had before.
 * @param hosts the others are in the inventory, but nothing is there
 */
export async function openSite(hosts: readonly HostName[] = names): Promise<Site> {
  const root = mkdtempSync(join(tmpdir(), 'cairn-three-'));
  cpSync(join(checkout, 'examples/three-hosts'), root, { recursive: true });
  mkdirSync(join(root, 'node_modules/@cairnhq'), { recursive: true });
  symlinkSync(checkout, join(root, 'node_modules/@cairnhq/cairn'));
  mkdirSync(join(root, 'home/.ssh'), { recursive: true });
  const key = join(root, 'home/.ssh/id_ed25519');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const repository = makeRepository();
  const start = async (name: string): Promise<Machine> => {
    const machine = await startMachine(name, readFileSync(`${key}.pub`, 'utf8').trim());
    await machine.sh(`${putting(repository)}\n${theirs}`);
    return machine;
  };
  const machines = new Map(await Promise.all(hosts.map(async (name) => [name, await start(name)] as const)));
  writeInventory(root, machines, repository.key);
  const env = { ...envOf(root), ...secrets };
  return {
    root,
    env,
    machines,
    cairn: (...words) => run(root, env, words),
    each: (ask) => Promise.all([...machines.values()].map(ask)),
    stop: async () => {
      await Promise.all([...machines.values()].map((machine) => machine.stop()));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function run(cwd: string, env: NodeJS.ProcessEnv, words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [launcher, ...words], { cwd, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, said: `${stdout}${stderr}` });
    });
  });
}

/** What the hosts' owners had made before Cairn came: it must be there again after undo. */
const theirs = `
mkdir -m 1777 /run/effects
printf 'Welcome.\\n' >/etc/motd
chmod 640 /etc/motd
printf 'MAILTO=owner\\n5 4 * * * true\\n' | crontab -u root -
printf '10.9.8.7 db.internal store.internal # the old one\\n' >>/etc/hosts
mkdir -p /usr/local/bin /etc/fleet.d/old
printf 'old\\n' >/etc/fleet.d/old/settings
printf 'mine\\n' >/etc/fleet.d/mine.local
chmod 600 /etc/fleet.d/mine.local
ln -s /var/tmp /root/shared
`;

function putting({ files }: Repository): string {
  const lines = Object.entries(files).map(
    ([name, bytes]) => `echo ${bytes.toString('base64')} | base64 -d >/srv/packages/${name}`,
  );
  return ['mkdir -p /srv/packages', ...lines].join('\n');
}

function writeInventory(root: string, machines: Site['machines'], key: string): void {
  const folder = join(root, 'inventory/example');
  // An address for documentation (RFC 5737), where nobody answers.
  const addressOf = (name: HostName): string => machines.get(name)?.address ?? '192.0.2.1';
  const hosts = (...list: readonly HostName[]): object => ({
    hosts: Object.fromEntries(list.map((name) => [name, { ansible_host: addressOf(name) }])),
  });
  const vars = { ansible_user: 'root', fleet: { names: { 'db.internal': addressOf('db1') } } };
  const inventory = { all: { children: { web: hosts('web1', 'web2'), db: hosts('db1') }, vars } };
  writeFileSync(join(folder, 'hosts.yaml'), stringify(inventory));
  const all = join(folder, 'group_vars/all.yaml');
  const text = readFileSync(all, 'utf8').replace(/ {2}names:\n.*\n/, '');
  const repository = { uri: 'file:/srv/packages', key };
  writeFileSync(
    all,
    text.replace(/ {2}repository:\n(?: {4}.*\n)*/, () => `  repository: ${JSON.stringify(repository)}\n`),
  );
  const known = [...machines.values()].map(({ address, hostKey }) => `${address} ${hostKey}\n`);
  writeFileSync(join(root, 'home/.ssh/known_hosts'), known.join(''));
}
