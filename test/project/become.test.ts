import { expect, test } from 'vitest';
import { loadProject } from '../../src/project/load.ts';
import { envOf, projectOf } from './rig.ts';

const playbook = ['playbooks/shop.yaml', 'components: [{ component: machine, hosts: box }]\n'] as const;

async function load(vars: string) {
  const root = projectOf('shop', [
    ['inventory/local/hosts.yaml', `all: { hosts: { box: { ansible_connection: local, ${vars} } } }\n`],
    playbook,
  ]);
  const env = { ...envOf(root), BECOME: 'hush-19c4' };
  const selection = { only: [], set: [] };
  const { project, problems } = await loadProject({ root, cwd: root, playbook: playbook[0], env, set: [], selection });
  const target = project?.instances[0]?.target;
  return { become: target?.kind === 'host' ? target.become : undefined, problems };
}

test('nobody is become unless the inventory says so, and root by sudo where it says no more', async () => {
  expect((await load('')).become).toBeUndefined();
  expect((await load('ansible_become: false, ansible_become_user: web')).become).toBeUndefined();
  expect((await load('ansible_become: true')).become).toEqual({ method: 'sudo', user: 'root' });
});

test('user, method and a secret password are taken over', async () => {
  const { become } = await load(
    'ansible_become: true, ansible_become_user: web, ansible_become_method: doas, ansible_become_password: !secret "env:BECOME"',
  );
  expect(become).toMatchObject({ method: 'doas', user: 'web' });
  expect(become?.password?.toString()).toBe('[secret]');
});

test.each([
  ['ansible_become: 1', 'ansible_become of box must be true or false, is 1'],
  ['ansible_become: true, ansible_become_user: 7', 'ansible_become_user of box must be a name, is 7'],
  [
    'ansible_become: true, ansible_become_method: sudoo',
    'ansible_become_method of box must be sudo, su, doas, is "sudoo"',
  ],
  ['ansible_become: true, ansible_become_password: hush', 'ansible_become_password of box stands in plain text'],
])('%s is a problem of the input', async (vars, summary) => {
  const { problems } = await load(vars);
  expect(problems.map((one) => one.summary)).toContain(summary);
});
