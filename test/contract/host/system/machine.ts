import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, it } from 'vitest';
import { openSshHost, type SshHost } from '../../../../src/connect/ssh/open.ts';
import type { HostWriter } from '../../../../src/model/host.ts';
import { type Machine, startMachine } from '../../../rig/machine/machine.ts';
import { whyNoMachines } from '../../../rig/machine/root.ts';
import { listens } from '../../../rig/ports.ts';
import { askedShells, otherShell } from '../../../rig/shell-folder.ts';
import { until } from '../../../rig/until.ts';

const whyNo = whyNoMachines();
if (whyNo !== null) it.skip(`on a machine of its own: ${whyNo}`);

/** The shells that a machine with systemd is tried with; none where there are no machines. */
export const machineShells: readonly string[] =
  whyNo !== null ? [] : askedShells.length > 0 ? askedShells : [otherShell];

/** A machine, and a way to its hosts by shell. */
export interface TestMachine {
  readonly machine: Machine;
  /** Signs in, as root, where `sh` is this shell: once for each. */
  open(shell: string): Promise<HostWriter>;
  stop(): Promise<void>;
}

let started: Promise<TestMachine> | undefined;

/** One for all tests of a file; it ends with them. */
export function testMachine(): Promise<TestMachine> {
  started ??= start();
  return started;
}

afterAll(async () => await (await started)?.stop());

async function start(): Promise<TestMachine> {
  const home = mkdtempSync(join(tmpdir(), 'cairn-machine-'));
  const key = join(home, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const machine = await startMachine('box', readFileSync(`${key}.pub`, 'utf8').trim());
  mkdirSync(join(home, '.ssh'));
  const hosts = new Map<string, Promise<SshHost>>();
  const signIn = async (shell: string): Promise<SshHost> => {
    const port = 2201 + hosts.size;
    await machine.sh(serverWith(shell, port));
    // It goes into the background before it listens.
    await until(`the sshd with ${shell}`, () => listens(port, machine.address));
    const way = { host: machine.address, port, user: 'root', key };
    const target = { kind: 'host', name: 'box', connection: 'ssh', ssh: way } as const;
    return openSshHost(target, { acceptNew: true }, { home, env: {} });
  };
  return {
    machine,
    open: async (shell) => {
      const host = hosts.get(shell) ?? signIn(shell);
      hosts.set(shell, host);
      return (await host).writer;
    },
    stop: async () => {
      await Promise.all([...hosts.values()].map(async (host) => (await host).close()));
      await machine.stop();
      rmSync(home, { recursive: true });
    },
  };
}

// An sshd more, whose sessions find this shell first.
function serverWith(shell: string, port: number): string {
  const folder = `/opt/shells/${shell}`;
  const fill = shell === 'busybox' ? `busybox --install -s ${folder}` : `ln -s "$(command -v ${shell})" ${folder}/sh`;
  return `mkdir -p ${folder}
${fill}
/usr/sbin/sshd -p ${port} -o 'SetEnv PATH=${folder}:/usr/sbin:/usr/bin:/sbin:/bin'
`;
}
