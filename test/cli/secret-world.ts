import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBecomeWorld } from '../rig/become/world.ts';
import type { Sighting } from '../rig/process-watch.ts';
import { startSshd } from '../rig/sshd.ts';
import { type Checkout, checkoutOf } from './rig.ts';

export const canary = 'canary-7b1e90-of-all-types';
// Its own: what another test may not see anywhere stands in an environment here.
const password = 'staple of the battery';
const hash = '$6$canary5f$3pIdsJNCB0u7LSDFZxEvXUrUxYEDkFCT7dn2yTu4OYkTS7C3WRhKjwh1Rr0nJ8Ea1nDvY0jFq9xUdyVTqJ2aB1';
/** Every secret, in plain and as base64. */
export const needles = [
  canary,
  password,
  hash,
  ...[canary, password, hash].map((text) => btoa(text).replace(/=+$/, '')),
];

/** A host whose user signs in with a password and becomes root with it, by the real sshd and sudo. */
export interface SecretWorld {
  /** A program as root there. */
  run(...argv: readonly string[]): void;
  /**
   * A project whose one step gets `token` and `hash`, which are secret, `folder`, and `status`.
   * @param source text of the step's file
   */
  project(source: string, vars: Readonly<Record<string, string>>): Checkout;
  close(): Promise<void>;
}

export async function openSecretWorld(): Promise<SecretWorld> {
  const world = openBecomeWorld(password);
  const [program = '', ...words] = world.inside;
  const runInside = (...argv: readonly string[]): void => void execFileSync(program, [...words, ...argv]);
  runInside('mkdir', '-p', '/run/sshd');
  world.put('/etc/sudoers', 'Defaults secure_path=/usr/sbin:/usr/bin:/sbin:/bin\nalice ALL=(ALL) ALL\n', 0o440);
  const server = await startSshd(['PasswordAuthentication yes'], world.inside);
  return {
    run: runInside,
    project: (source, vars) => projectOn(server.port, source, vars),
    close: async () => {
      await server.stop();
      world.close();
    },
  };
}

function projectOn(port: number, source: string, vars: Readonly<Record<string, string>>): Checkout {
  const reach = [
    `ansible_host: 127.0.0.1`,
    `ansible_port: ${port}`,
    'ansible_user: alice',
    'ansible_password: !secret file:private/password',
    'ansible_become: true',
    'ansible_become_password: !secret file:private/password',
    'token: !secret env:SOURCE_OF_TOKEN',
    'hash: !secret file:private/hash',
    '',
  ];
  const values = JSON.stringify({ folder: '{{root}}/world', ...vars });
  const checkout = checkoutOf('shop', [
    ['steps/secrets/10_secrets.ts', source],
    ['playbooks/secrets.yaml', `components: [{ component: secrets, hosts: web, vars: ${values} }]\n`],
    ['playbooks/shop.yaml', 'components: []\n'],
    ['playbooks/machine.yaml', 'components: []\n'],
    ['inventory/local/hosts.yaml', 'all: { children: { web: { hosts: { web1: {} } } } }\n'],
    ['inventory/local/group_vars/all.yaml', reach.join('\n')],
  ]);
  for (const name of ['private', 'world']) mkdirSync(join(checkout.root, name));
  mkdirSync(join(checkout.root, 'home/.ssh'), { recursive: true });
  for (const [name, content] of Object.entries({ password, hash }))
    writeFileSync(join(checkout.root, 'private', name), content, { mode: 0o600 });
  return checkout;
}

/** The environment in which the token's source is set. */
export const source = { SOURCE_OF_TOKEN: canary };

/** Where a secret may be: the variable that it came by, of Cairn alone, and the one from which the user's program takes it. */
export function isMeant({ where, word, program }: Sighting, variable: string): boolean {
  const [name] = word.split('=');
  const ofCairn = name === 'SOURCE_OF_TOKEN' && /^(node|MainThread|cairn)/.test(program);
  return where === 'environ' && (ofCairn || name === variable);
}

/** Files of these folders that hold a secret. Not in other file systems: the machines of other tests have a /proc there, which has no end. */
export function filesWithSecrets(folders: readonly string[]): readonly string[] {
  const words = ['-lsaF', ...needles.flatMap((text) => ['-e', text])];
  const search = [...folders, '-xdev', '-type', 'f', '-exec', 'grep', ...words, '{}', '+'];
  return spawnSync('find', search, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
}
