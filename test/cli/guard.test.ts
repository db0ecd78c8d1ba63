import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Machine, startMachine } from '../rig/machine/machine.ts';
import { whyNoMachines } from '../rig/machine/root.ts';
import { type Checkout, checkoutOf } from './rig.ts';

const why = whyNoMachines();

const guarded = (resources: string): string => `
import { host, restore, step } from '@cairnhq/cairn';

const settings = host.file({ path: '/etc/ssh/sshd_config.d/10-more.conf', content: 'Port 2222\\n' });

export default step({
  summary: 'Who gets in',
  on: 'hosts',
  guard: { within: '8s' },
  resources: () => (${resources}),
  undo: restore,
});
`;

const otherPort = guarded("{ settings, ssh: host.service({ name: 'ssh', state: 'running', reloadWhen: [settings] }) }");

// With these sshd does not start again; sessions outlive it, so that nothing but signing in anew shows it.
const broken = guarded(
  "{ settings, ssh: host.service({ name: 'ssh', state: 'running', restartWhen: [settings] }) }",
).replace('Port 2222', 'NoSuchWord yes');

// What the firewall of a machine without one is: nothing leaves from the port, of no connection, old or new.
const rule = 'ipproto 6 sport 22 blackhole';
const droppedPort = guarded(`{
  marker: host.file({ path: '/etc/firewall', content: 'closed' }),
  firewall: host.command({
    id: 'close-port',
    argv: ['sh', '-c', 'ip rule add ${rule}'],
    unless: ['sh', '-c', 'ip rule | grep -q "sport 22"'],
    undo: ['sh', '-c', 'ip rule del ${rule}'],
  }),
}`);

// Time enough to sign in on a loaded machine.
const bothPorts = otherPort.replace('Port 2222', 'Port 22\\nPort 2222').replace('8s', '90s');

// The sshd of a machine of its own, with a systemd that reloads it.
describe.skipIf(why !== null)(why ?? 'a guarded step on a machine', () => {
  let machine: Machine;
  let folder: string;
  let key: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cairn-guard-test-'));
    key = join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    machine = await startMachine('web1', readFileSync(`${key}.pub`, 'utf8').trim());
  }, 240_000);
  afterAll(async () => {
    await machine.stop();
    rmSync(folder, { recursive: true });
  });

  function project(step: string): Checkout {
    const ssh = `{ ansible_host: ${machine.address}, ansible_user: root, ansible_ssh_private_key_file: ${key} }`;
    const checkout = checkoutOf('shop', [
      ['steps/access/10_sshd.ts', step],
      ['playbooks/access.yaml', 'components: [{ component: access, hosts: web1 }]\n'],
      ['playbooks/shop.yaml', 'components: []\n'],
      ['playbooks/machine.yaml', 'components: []\n'],
      ['inventory/local/hosts.yaml', 'all: { hosts: { web1: {} } }\n'],
      ['inventory/local/group_vars/all.yaml', `${ssh}\n`],
    ]);
    mkdirSync(join(checkout.root, 'home/.ssh'), { recursive: true });
    return checkout;
  }

  const up = (checkout: Checkout) => checkout.cairn(['up', 'playbooks/access.yaml', '--yes', '--accept-new-host-keys']);
  const left = () => machine.sh('ls -d /tmp/cairn-[g]uard-* 2>/dev/null || true; pgrep -f cairn-[g]uard- || true');
  const world = () =>
    machine.sh('cat /etc/firewall /etc/ssh/sshd_config.d/* 2>/dev/null || true; ip rule; ss -Hltn | grep -c :22');

  it('that moves sshd to another port is taken back by the host, which reloads its sshd', async () => {
    const before = await world();
    const checkout = project(otherPort);
    const { code, stdout, stderr } = await up(checkout);
    expect(`${stdout}${stderr}`).toContain('web1 let nobody in over a new connection within 8 s of the change');
    expect(`${stdout}${stderr}`).toContain('web1 has given itself back what was there before this step');
    expect(code).toBe(1);
    expect([await world(), await left()]).toEqual([before, '']);
    const plan = await checkout.cairn(['plan', 'playbooks/access.yaml']);
    expect(plan.stdout).toContain('+ file /etc/ssh/sshd_config.d/10-more.conf');
  });

  it('that breaks the settings of sshd, which ends by them, is taken back by the host, and sshd runs again', async () => {
    const before = await world();
    const checkout = project(broken);
    const { code, stdout, stderr } = await up(checkout);
    expect(`${stdout}${stderr}`).toContain('web1 has given itself back what was there before this step');
    expect(code).toBe(1);
    expect([await world(), await left()]).toEqual([before, '']);
    expect((await checkout.cairn(['exec', 'web1', '--', 'true'])).code).toBe(0);
  });

  it('that drops its own port, with the connection that it came by, is taken back by the host', async () => {
    const before = await world();
    const { code, stdout, stderr } = await up(project(droppedPort));
    expect(`${stdout}${stderr}`).toContain('web1 has given itself back what was there before this step');
    expect(code).toBe(1);
    expect([await world(), await left()]).toEqual([before, '']);
  }, 180_000);

  it('that lets us in anew stays, and its timer and what was kept are gone', async () => {
    const { code, stdout, stderr } = await up(project(bothPorts));
    expect(`${stdout}${stderr}`).toContain('created file');
    expect([code, stderr]).toEqual([0, '']);
    expect([await machine.sh('ss -Hltn | grep -c :2222'), await left()]).toEqual(['2\n', '']);
  });
});
