import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Machine, startMachine } from '../rig/machine/machine.ts';
import { whyNoMachines } from '../rig/machine/root.ts';
import { checkoutOf } from './rig.ts';

const why = whyNoMachines();

const step = `
import { host, restore, step } from '@cairnhq/cairn';

export default step({
  summary: 'A new kernel',
  on: 'hosts',
  resources: () => ({
    kernel: host.reboot({ id: 'kernel', whenExists: '/run/reboot-required' }),
    limits: host.reboot({ id: 'limits', onceFor: 'first' }),
    after: host.file({ path: '/etc/after', content: 'started\\n' }),
  }),
  undo: restore,
});
`;

// A user of its own, by sudo: both ways in have to come back.
const ada = (key: string): string => `
useradd -m ada; mkdir -m 700 ~ada/.ssh; echo '${key}' >~ada/.ssh/authorized_keys; chown -R ada: ~ada/.ssh
echo 'ada ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/ada; : >/run/reboot-required`;

describe.skipIf(why !== null)(why ?? 'a machine that is restarted', () => {
  let machine: Machine;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cairn-reboot-test-'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
    const key = readFileSync(join(folder, 'key.pub'), 'utf8').trim();
    machine = await startMachine('web1', key);
    await machine.sh(ada(key));
  }, 240_000);
  afterAll(async () => {
    await machine.stop();
    rmSync(folder, { recursive: true });
  });

  it('is waited for, once for each reason, and the run goes on by a new connection as the user to become', async () => {
    const ssh = `ansible_host: ${machine.address}, ansible_user: ada, ansible_ssh_private_key_file: ${folder}/key`;
    const checkout = checkoutOf('shop', [
      ['steps/kernel/10_new.ts', step],
      ['playbooks/kernel.yaml', 'components: [{ component: kernel, hosts: web1 }]\n'],
      ['playbooks/shop.yaml', 'components: []\n'],
      ['playbooks/machine.yaml', 'components: []\n'],
      ['inventory/local/hosts.yaml', 'all: { hosts: { web1: {} } }\n'],
      ['inventory/local/group_vars/all.yaml', `{ ${ssh}, ansible_become: true }\n`],
    ]);
    mkdirSync(join(checkout.root, 'home/.ssh'), { recursive: true });
    const up = (...more: string[]) => checkout.cairn(['up', 'playbooks/kernel.yaml', '--yes', ...more]);
    const boot = () => machine.sh('cat /proc/sys/kernel/random/boot_id');
    const etc = () => machine.sh('ls -A /etc /var/lib');
    const [first, before] = [await boot(), await etc()];
    const ended = await up('--accept-new-host-keys');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toMatch(
      /restarted reboot kernel[\s\S]*restarted reboot limits[\s\S]*created file \/etc\/after/,
    );
    const second = await boot();
    expect(second).not.toBe(first);
    expect((await up()).stdout).toContain('1 step: unchanged');
    expect((await checkout.cairn(['undo', 'playbooks/kernel.yaml', '--yes'])).code).toBe(0);
    expect([await boot(), await etc()]).toEqual([second, before]);
  });
});
