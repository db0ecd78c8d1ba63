import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { reveal, Secret } from '../../src/model/secret.ts';
import { type Loaded, loadProject } from '../../src/project/load.ts';
import { envOf, projectOf } from './rig.ts';

const vars = (password: string): readonly [string, string] => [
  'inventory/local/group_vars/all.yaml',
  `domain: x\nshop: { host: h, tags: [], password: ${password} }\n`,
];

function load(root: string, env: Readonly<Record<string, string>> = {}): Promise<Loaded> {
  const playbook = 'playbooks/shop.yaml';
  return loadProject({ root, cwd: root, playbook, set: [], selection: { only: [], set: [] }, env: envOf(root, env) });
}

function passwordOf({ project }: Loaded): string | undefined {
  const password = project?.instances.find(({ id }) => id === 'shop/20_web')?.vars.password;
  return password instanceof Secret ? reveal(password) : undefined;
}

test('a secret is read from a file, without its last line break', async () => {
  const root = projectOf('shop', [vars('!secret file:secrets/shop'), ['secrets/shop', 'kept in a file\n']]);
  chmodSync(join(root, 'secrets/shop'), 0o600);
  const loaded = await load(root);
  expect(loaded.problems).toEqual([]);
  expect(passwordOf(loaded)).toBe('kept in a file');
});

test('a secret file that others can read is warned of, and taken', async () => {
  const root = projectOf('shop', [vars('!secret file:secrets/shop'), ['secrets/shop', 'kept in a file']]);
  chmodSync(join(root, 'secrets/shop'), 0o644);
  const loaded = await load(root);
  expect(loaded.problems).toMatchObject([
    { severity: 'warning', code: 'open-secret', source: { file: 'inventory/local/group_vars/all.yaml', line: 2 } },
  ]);
  expect(passwordOf(loaded)).toBe('kept in a file');
});

test('a short secret is warned of: it can not be kept out of logs', async () => {
  const root = projectOf('shop', [vars('!secret env:SHOP_PASSWORD')]);
  const loaded = await load(root, { SHOP_PASSWORD: 'short' });
  expect(loaded.problems).toMatchObject([{ severity: 'warning', code: 'short-secret' }]);
});

test('a secret is decrypted by the identity that the inventory names', async () => {
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const journal = `recipients: [${recipient}]\nidentities: [!secret env:AGE_KEY]\n`;
  const root = projectOf('shop', [vars('!secret age:shop.age'), ['inventory/local/journal.yaml', journal]]);
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  writeFileSync(join(root, 'shop.age'), await encrypter.encrypt('kept by age\n'));
  const loaded = await load(root, { AGE_KEY: identity });
  expect(loaded.problems).toEqual([]);
  expect(passwordOf(loaded)).toBe('kept by age');
});

test('a template with a secret in it is a secret', async () => {
  const root = projectOf('shop', [
    vars('"{{login}}"'),
    ['inventory/local/group_vars/web.yaml', 'realm: x\n'],
    [
      'playbooks/shop.yaml',
      'vars: { login: "dev:{{token}}", token: !secret env:SHOP_PASSWORD }\ncomponents: [{ component: shop, cluster: cairn }]\n',
    ],
  ]);
  const loaded = await load(root);
  expect(loaded.problems).toEqual([]);
  expect(passwordOf(loaded)).toBe('dev:hunter2hunter2');
});

test('no problem shows a secret', async () => {
  const root = projectOf('shop', [
    [
      'inventory/local/group_vars/all.yaml',
      'domain: x\nshop: { host: h, tags: !secret env:SHOP_PASSWORD, port: "{{shop.password}}", password: !secret env:SHOP_PASSWORD }\n',
    ],
  ]);
  const { problems } = await load(root);
  expect(problems.length).toBeGreaterThan(0);
  expect(JSON.stringify(problems)).not.toContain('hunter2');
});
