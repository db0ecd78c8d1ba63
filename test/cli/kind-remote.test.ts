import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf } from '../rig/folder.ts';
import { type Machine, startMachine } from '../rig/machine/machine.ts';
import { whyNoMachines } from '../rig/machine/root.ts';
import { root } from '../structure/sources.ts';

const why = whyNoMachines();
const recipe = '/var/cache/cairn-recipe';

describe.skipIf(why !== null)(why ?? 'the throw-away cluster on another host', () => {
  let machine: Machine;
  const keys = { private: '', public: '' };
  beforeAll(async () => {
    const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    keys.private = join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keys.private]);
    machine = await startMachine('lab1', readFileSync(`${keys.private}.pub`, 'utf8').trim());
  }, 300_000);
  afterAll(async () => {
    await machine.stop();
    execFileSync('rm', ['-r', join(keys.private, '..')]);
  });

  function open(): (...words: readonly string[]) => Promise<{ readonly code: number; readonly said: string }> {
    const home = folderOf('kind-remote');
    const inventory = join(home, 'lab');
    mkdirSync(join(inventory, 'group_vars'), { recursive: true });
    mkdirSync(join(home, '.ssh'));
    writeFileSync(join(home, '.ssh/known_hosts'), `${machine.address} ${machine.hostKey}\n`);
    writeFileSync(
      join(inventory, 'hosts.yaml'),
      `all: { children: { cluster_host: { hosts: { lab1: { ansible_host: ${machine.address}, ansible_user: root, ansible_ssh_private_key_file: ${keys.private} } } } } }\n`,
    );
    writeFileSync(
      join(inventory, 'clusters.yaml'),
      "clusters: { cairn: { kubeconfig: '{{ home }}/kubeconfig', context: kind-cairn, providedBy: kind/50_cluster } }\n",
    );
    writeFileSync(
      join(inventory, 'group_vars/all.yaml'),
      `kind: { cache: /var/cache/cairn, state: /var/lib/cairn-kind, recipe: ${recipe} }\n`,
    );
    const env = { HOME: home, PATH: process.env.PATH };
    return (command, ...words) =>
      new Promise((resolve) => {
        const all = [join(root, 'bin/cairn.mjs'), command ?? '', 'playbooks/kind.yaml', '-i', inventory, ...words];
        execFile(process.execPath, all, { cwd: root, env }, (error, stdout, stderr) => {
          resolve({ code: error ? Number(error.code ?? 1) : 0, said: `${stdout}${stderr}` });
        });
      });
  }

  it('is planned there, with what the host lacks', async () => {
    const { said } = await open()('plan');
    expect(said).toContain('kind on lab1');
    expect(said).toContain('! program go   refused: go is not installed');
    expect(said).toContain('+ command cluster-cairn');
  });

  it('brings its recipe along, and takes it away', async () => {
    const cairn = open();
    const up = await cairn('up', '--only', 'kind/15', '--yes');
    expect(up.code, up.said).toBe(0);
    await machine.sh(`for script in ${recipe}/*.sh; do sh -n "$script"; done`);
    expect(await machine.sh(`${recipe}/engine.sh 2>&1 || true`)).toMatch(/Podman needs/);
    const undo = await cairn('undo', '--yes');
    expect(undo.code, undo.said).toBe(0);
    expect(await machine.sh(`ls -d ${recipe} 2>&1 || true`)).toContain('No such file');
  });
});
