import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Machine, startMachine } from '../rig/machine/machine.ts';
import { whyNoMachines } from '../rig/machine/root.ts';
import { makeServer } from '../rig/machine/server.ts';
import { pathOf } from '../rig/programs.ts';
import { root } from '../structure/sources.ts';

const image = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn/images/kind-node-1.34.tar.zst');
const why =
  whyNoMachines() ?? (existsSync(image) ? null : 'needs the node image in the cache: cairn cluster up builds it');
const state = '/var/lib/cairn-kind';

describe.skipIf(why !== null)(why ?? 'the throw-away cluster on a Debian server, by SSH and sudo', () => {
  let machine: Machine;
  let close: (() => void) | undefined;
  let home: string;
  let inventory: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'cairn-kind-server-'));
    const key = join(home, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    machine = await startMachine('lab1', readFileSync(`${key}.pub`, 'utf8').trim());
    close = await makeServer(machine, 'lab');
    await bringBuilt(machine);
    inventory = writeInventory(home, machine, key);
  });
  afterAll(async () => {
    close?.();
    await machine.stop();
    rmSync(home, { recursive: true, force: true });
  });

  async function cairn(...words: readonly string[]): Promise<string> {
    const { code, said } = await run(home, [...words, '-i', inventory]);
    expect(code, said).toBe(0);
    return said;
  }

  it('comes up, and is reached by the kubeconfig there, which can be brought here', async () => {
    expect(await cairn('up', 'playbooks/kind.yaml', '--yes')).toContain('2 checks passed');
    const kubectl = `/var/cache/cairn/bin/kubectl --kubeconfig ${state}/kubeconfig`;
    await machine.sh(`ln -s /var/cache/cairn/bin/kubectl-* /var/cache/cairn/bin/kubectl`);
    expect(await machine.sh(`${kubectl} get nodes --no-headers`)).toMatch(/^cairn-control-plane +Ready/);
    await cairn('fetch', 'lab1', `${state}/kubeconfig`, join(home, 'clusters'));
    const fetched = join(home, 'clusters/lab1', state, 'kubeconfig');
    expect(readFileSync(fetched, 'utf8')).toContain('https://127.0.0.1:');
  });

  it('leaves nothing behind but packages and what is in the cache', async () => {
    await cairn('undo', 'playbooks/kind.yaml', '--yes');
    expect(await machine.sh('ps -eo comm= | grep -E "conmon|kube|etcd|containerd|netavark|aardvark" || true')).toBe('');
    expect(await machine.sh('ip -o link | grep -Ev " (lo|eth0)[:@]" || true')).toBe('');
    expect(await machine.sh('nft list ruleset')).toBe('');
    expect(await machine.sh('grep -E "libpod|/run/netns|/overlay " /proc/self/mounts || true')).toBe('');
    expect(await machine.sh(`ls -d ${state} /run/cairn /var/cache/cairn-recipe /lib/modules 2>/dev/null || true`)).toBe(
      '',
    );
  });
});

// What would be built there in ten minutes was built here; that Go is there is asked for all the same.
async function bringBuilt({ bring, sh }: Machine): Promise<void> {
  await sh('mkdir -p /var/cache/cairn/bin /var/cache/cairn/images /usr/local/go/bin');
  for (const name of ['kind', 'kubectl'] as const) await bring(pathOf(name), '/var/cache/cairn/bin/');
  await bring(image, '/var/cache/cairn/images/');
  const go = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  await bring(join(go, 'bin/go'), '/usr/local/go/bin/');
}

function writeInventory(home: string, { address, hostKey }: Machine, key: string): string {
  const inventory = join(home, 'lab');
  mkdirSync(join(inventory, 'group_vars'), { recursive: true });
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh/known_hosts'), `${address} ${hostKey}\n`);
  const lab1 = { ansible_host: address, ansible_user: 'lab', ansible_become: true, ansible_ssh_private_key_file: key };
  const files = {
    'hosts.yaml': { all: { children: { cluster_host: { hosts: { lab1 } } } } },
    'group_vars/all.yaml': { kind: { cache: '/var/cache/cairn', state, recipe: '/var/cache/cairn-recipe' } },
    'clusters.yaml': {
      clusters: {
        cairn: { kubeconfig: `${home}/kubeconfig`, context: 'kind-cairn', providedBy: 'kind/50_cluster' },
      },
    },
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(inventory, name), JSON.stringify(content));
  return inventory;
}

function run(home: string, words: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const env = { HOME: home, PATH: process.env.PATH };
  return new Promise((resolve) => {
    const all = [join(root, 'bin/cairn.mjs'), ...words];
    execFile(process.execPath, all, { cwd: root, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, said: `${stdout}${stderr}` });
    });
  });
}
