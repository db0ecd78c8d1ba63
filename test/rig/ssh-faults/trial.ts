import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkout, checkoutOf, type Ran } from '../../cli/rig.ts';
import type { Sshd } from '../sshd.ts';
import { type FaultyWay, faultyWay, type Strike } from './proxy.ts';

const site = `
import { host, restore, step, T } from '@cairnhq/cairn';

export default step({
  summary: 'A little of everything',
  on: 'hosts',
  vars: T.Object({ folder: T.String() }),
  resources: ({ vars: { folder } }) => ({
    folder: host.directory({ path: folder }),
    page: host.file({ path: folder + '/page', content: 'hello', mode: '0640' }),
    line: host.line({ path: folder + '/settings', line: 'port = 80', match: '^port' }),
    large: host.file({ path: folder + '/large', content: 'x'.repeat(300_000) }),
    made: host.command({
      id: 'made',
      argv: ['sh', '-c', 'set -C; echo once >"$1/made"', 'sh', folder],
      creates: folder + '/made',
      undo: ['rm', folder + '/made'],
    }),
  }),
  undo: restore,
});
`;

/** What a run that met a fault came to. */
export interface Trial {
  readonly strike: Strike;
  /** The fault struck before the run was over. */
  readonly struck: boolean;
  /** It said that it failed, and the same command then went through. */
  readonly failed: boolean;
  /** What was not as it should be; nothing is right. */
  readonly wrong: readonly string[];
}

/** The packets that a run sends each way where nothing happens. */
export async function packetsOf(server: Sshd): Promise<FaultyWay['packets']> {
  const way = await faultyWay(server.port);
  const { checkout } = projectBehind(way.port, server);
  const { code, stderr } = await up(checkout);
  way.close();
  rmSync(checkout.root, { recursive: true });
  if (code !== 0) throw new Error(stderr);
  return way.packets;
}

/** One install that meets a fault, the same command again where it failed, a rerun and an undo. */
export async function tryStrike(server: Sshd, strike: Strike): Promise<Trial> {
  const way = await faultyWay(server.port, strike);
  const { checkout, world } = projectBehind(way.port, server);
  const wrong: string[] = [];
  try {
    const first = await up(checkout);
    const struck = way.hasStruck;
    way.spare();
    if (first.code === 0) wrong.push(...amiss(world, 'a run that said it succeeded'));
    else if (`${first.stdout}${first.stderr}`.trim() === '') wrong.push('it failed without a word');
    else if ((await up(checkout)).code !== 0) wrong.push('the same command did not go through then');
    wrong.push(...amiss(world, 'the end'));
    const again = await up(checkout);
    if (!/unchanged/.test(again.stdout) || /created|updated/.test(again.stdout))
      wrong.push('the rerun changed something');
    const undone = await checkout.cairn(['undo', 'playbooks/site.yaml', '--yes']);
    if (undone.code !== 0) wrong.push(`undo: ${undone.stdout}${undone.stderr}`);
    if (existsSync(world)) wrong.push('undo left something');
    return { strike, struck, failed: first.code !== 0, wrong };
  } finally {
    way.close();
    rmSync(checkout.root, { recursive: true, force: true });
  }
}

function up(checkout: Checkout): Promise<Ran> {
  return checkout.cairn(['up', 'playbooks/site.yaml', '--yes', '--accept-new-host-keys']);
}

function projectBehind(port: number, server: Sshd): { readonly checkout: Checkout; readonly world: string } {
  const checkout = checkoutOf('shop', [
    ['steps/site/10_site.ts', site],
    ['playbooks/site.yaml', "components: [{ component: site, hosts: web, vars: { folder: '{{root}}/world' } }]\n"],
    ['playbooks/shop.yaml', 'components: []\n'],
    ['playbooks/machine.yaml', 'components: []\n'],
    ['inventory/local/hosts.yaml', 'all: { children: { web: { hosts: { web1: {} } } } }\n'],
    [
      'inventory/local/group_vars/all.yaml',
      `{ ansible_host: 127.0.0.1, ansible_port: ${port}, ansible_user: root, ansible_ssh_private_key_file: ${server.key} }\n`,
    ],
  ]);
  const ssh = join(checkout.root, 'home/.ssh');
  mkdirSync(ssh, { recursive: true });
  writeFileSync(join(ssh, 'known_hosts'), `[127.0.0.1]:${port} ${server.hostKeys.ed25519}\n`);
  return { checkout, world: join(checkout.root, 'world') };
}

// Also a temporary file that stayed would be one more name.
function amiss(world: string, when: string): readonly string[] {
  const wished: Readonly<Record<string, string>> = {
    large: 'x'.repeat(300_000),
    made: 'once\n',
    page: 'hello',
    settings: 'port = 80\n',
  };
  const names = existsSync(world) ? readdirSync(world).sort() : [];
  if (names.join() !== Object.keys(wished).join()) return [`${when} left ${names.join(', ') || 'nothing'}`];
  return Object.entries(wished)
    .filter(([name, content]) => readFileSync(join(world, name), 'utf8') !== content)
    .map(([name]) => `${when} left another ${name}`);
}
