import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pages, playbook } from './pages.ts';
import { type Checkout, checkoutOf } from './rig.ts';

function pagesProject(): Checkout & { readonly has: (name: string) => boolean } {
  const checkout = checkoutOf('shop', [
    ['steps/pages/10_pages.ts', pages],
    ['steps/pages/20_more.ts', pages.replace('vars.pages', '["more-" + vars.pages[0]]')],
    ['playbooks/one.yaml', playbook('a, b')],
    ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
    ['inventory/local/group_vars/all.yaml', '{}\n'],
  ]);
  for (const other of ['shop', 'machine']) rmSync(join(checkout.root, `playbooks/${other}.yaml`));
  mkdirSync(join(checkout.root, 'world'));
  return { ...checkout, has: (name) => existsSync(join(checkout.root, 'world', name)) };
}

test('what the values of a playbook no longer ask for goes, and says so', async () => {
  const { root, cairn, has } = pagesProject();
  expect(await cairn(['up', 'playbooks/one.yaml'])).toEqual({ code: 0, stdout: expect.any(String), stderr: '' });
  writeFileSync(join(root, 'playbooks/one.yaml'), playbook('b'));
  const { stdout } = await cairn(['plan', 'playbooks/one.yaml']);
  expect(stdout).toMatch(/- file \S+world\/a +no longer declared by pages\/10_pages/);
  const chosen = await cairn(['plan', 'playbooks/one.yaml', '--only', 'pages/10']);
  expect(chosen.stdout).toMatch(/world\/a /);
  expect(chosen.stdout).not.toMatch(/more/);
  expect(await cairn(['up', 'playbooks/one.yaml'])).toEqual({ code: 0, stdout: expect.any(String), stderr: '' });
  expect(['a', 'b', 'more-a', 'more-b'].map(has)).toEqual([false, true, false, true]);
  expect((await cairn(['status'])).stdout).toMatch(/to take back +2 resources/);
});

test('what another playbook of the project still declares stays', async () => {
  const { root, cairn, has } = pagesProject();
  await cairn(['up', 'playbooks/one.yaml']);
  writeFileSync(join(root, 'playbooks/two.yaml'), playbook('c'));
  expect((await cairn(['up', 'playbooks/two.yaml'])).code).toBe(0);
  expect(['a', 'b', 'c'].map(has)).toEqual([true, true, true]);
  rmSync(join(root, 'playbooks/one.yaml'));
  expect((await cairn(['up', 'playbooks/two.yaml'])).code).toBe(0);
  expect(['a', 'b', 'c'].map(has)).toEqual([false, false, true]);
});

test('nothing goes while a playbook that may declare it can not be read', async () => {
  const { root, cairn, has } = pagesProject();
  await cairn(['up', 'playbooks/one.yaml']);
  writeFileSync(join(root, 'playbooks/broken.yaml'), 'components: [{ component: nothing }]\n');
  writeFileSync(join(root, 'playbooks/one.yaml'), playbook('b'));
  const { code, stdout } = await cairn(['plan', 'playbooks/one.yaml']);
  expect(code).toBe(0);
  expect(stdout).toContain("no longer declared by pages/10_pages, but playbooks/broken.yaml may: it can't be read");
  await cairn(['up', 'playbooks/one.yaml']);
  expect(has('a')).toBe(true);
});

test('what a step moved to another step is not taken away when the first one alone is chosen', async () => {
  const { root, cairn, has } = pagesProject();
  await cairn(['up', 'playbooks/one.yaml']);
  writeFileSync(join(root, 'steps/pages/20_more.ts'), pages);
  writeFileSync(join(root, 'steps/pages/10_pages.ts'), pages.replace('vars.pages', '[]'));
  const { code, stdout } = await cairn(['up', 'playbooks/one.yaml', '--only', 'pages/10']);
  expect([code, stdout]).toEqual([0, expect.not.stringContaining('removed')]);
  expect(has('a')).toBe(true);
});
