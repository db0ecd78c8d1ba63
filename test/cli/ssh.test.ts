import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sshd, startSshd, whyNoSshd } from '../rig/sshd.ts';
import { type Checkout, checkoutOf } from './rig.ts';

const why = whyNoSshd();

const pages = `
import { host, restore, step, T } from '@cairnhq/cairn';

export default step({
  summary: 'A page on every host',
  on: 'hosts',
  vars: T.Object({ folder: T.String() }),
  resources: ({ vars: { folder } }) => ({
    folder: host.directory({ path: folder }),
    page: host.file({ path: folder + '/page', content: 'hello', mode: '0640' }),
  }),
  undo: restore,
});
`;

describe.skipIf(why !== null)(why ?? 'hosts by SSH', () => {
  let server: Sshd;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(async () => await server.stop());

  function project(port = server.port): Checkout & { readonly folder: string } {
    const checkout = checkoutOf('shop', [
      ['steps/pages/10_pages.ts', pages],
      ['playbooks/pages.yaml', "components: [{ component: pages, hosts: web, vars: { folder: '{{root}}/world' } }]\n"],
      ['playbooks/shop.yaml', 'components: []\n'],
      ['playbooks/machine.yaml', 'components: []\n'],
      ['inventory/local/hosts.yaml', 'all: { children: { web: { hosts: { web1: {} } } } }\n'],
      [
        'inventory/local/group_vars/all.yaml',
        `{ ansible_host: 127.0.0.1, ansible_port: ${port}, ansible_user: root, ansible_ssh_private_key_file: ${server.key} }\n`,
      ],
    ]);
    mkdirSync(join(checkout.root, 'home/.ssh'), { recursive: true });
    return { ...checkout, folder: join(checkout.root, 'world') };
  }

  it('are planned, converged, left alone and taken back, once their key is trusted', async () => {
    const { root, cairn, folder } = project();
    const stranger = await cairn(['plan', 'playbooks/pages.yaml']);
    expect(`${stranger.stdout}${stranger.stderr}`).toContain('the key of web1');
    expect(`${stranger.stdout}${stranger.stderr}`).toContain('--accept-new-host-keys');
    expect(existsSync(join(root, 'home/.ssh/known_hosts'))).toBe(false);

    const plan = await cairn(['plan', 'playbooks/pages.yaml', '--accept-new-host-keys']);
    expect([plan.code, plan.stderr]).toEqual([0, '']);
    expect(plan.stdout).toContain('2 to create');
    // Its name may be hashed: the settings of this machine say so or not.
    const known = ['-f', join(root, 'home/.ssh/known_hosts'), '-F', `[127.0.0.1]:${server.port}`];
    expect(execFileSync('ssh-keygen', known, { encoding: 'utf8' })).toContain('ssh-ed25519');

    expect(await cairn(['up', 'playbooks/pages.yaml', '--yes'])).toMatchObject({ code: 0 });
    const page = statSync(join(folder, 'page'));
    expect(readFileSync(join(folder, 'page'), 'utf8')).toBe('hello');
    const again = await cairn(['up', 'playbooks/pages.yaml', '--yes']);
    expect(again.stdout).toMatch(/1 step: unchanged/);
    expect(statSync(join(folder, 'page'))).toMatchObject({
      ino: page.ino,
      mtimeMs: page.mtimeMs,
      ctimeMs: page.ctimeMs,
    });
    expect(await cairn(['undo', 'playbooks/pages.yaml', '--yes'])).toMatchObject({ code: 0 });
    expect(existsSync(folder)).toBe(false);
  });

  it('that can not be reached are named with their address, and nothing is begun', async () => {
    const { cairn, folder } = project(1);
    const up = await cairn(['up', 'playbooks/pages.yaml', '--yes']);
    expect(up.code).not.toBe(0);
    expect(`${up.stdout}${up.stderr}`).toContain("127.0.0.1 port 1 can't be reached by SSH");
    expect(existsSync(folder)).toBe(false);
  });
});
