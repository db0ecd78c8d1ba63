import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pages, playbook } from './pages.ts';
import { checkoutOf } from './rig.ts';

async function pagesProject() {
  const checkout = checkoutOf('shop', [
    ['steps/pages/10_pages.ts', pages],
    ['playbooks/one.yaml', playbook('alpha, beta')],
    ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
    ['inventory/local/group_vars/all.yaml', '{}\n'],
  ]);
  for (const other of ['shop', 'machine']) rmSync(join(checkout.root, `playbooks/${other}.yaml`));
  mkdirSync(join(checkout.root, 'world'));
  await checkout.cairn(['up', 'playbooks/one.yaml']);
  return {
    ...checkout,
    page: (name: string) => `file${checkout.root}/world/${name}`,
    has: (name: string) => existsSync(join(checkout.root, 'world', name)),
  };
}

test('forget shows what it lets go of, and asks', async () => {
  const { cairn, page } = await pagesProject();
  const { code, stdout, stderr } = await cairn(['forget', 'playbooks/one.yaml', page('alpha')]);
  expect(code).toBe(2);
  expect(stdout).toMatch(
    /^Cairn lets go of what follows.+\n {2}» file \S+\/alpha {3}created by run \w+; pages\/10_pages declares it, so a later up/,
  );
  expect(stderr).toMatch(/^forget asks before it begins, and nobody can be asked here\n +say --yes/);
});

test('what was forgotten is neither undone nor taken away, and the history says so', async () => {
  const { root, cairn, page, has } = await pagesProject();
  const { code, stdout } = await cairn(['forget', 'playbooks/one.yaml', page('alpha'), '--yes']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/10_pages: forgotten file \S+alpha.*\n.*1 forgotten/)]);
  expect((await cairn(['history'])).stdout).toMatch(/forget playbooks\/one.yaml +1 forgotten in/);
  expect((await cairn(['status'])).stdout).toMatch(
    /forget playbooks\/one.yaml.*converged\n +to take back +1 resource,/,
  );
  writeFileSync(join(root, 'playbooks/one.yaml'), playbook('beta'));
  await cairn(['up', 'playbooks/one.yaml']);
  await cairn(['undo', 'playbooks/one.yaml', '--yes']);
  expect(['alpha', 'beta'].map(has)).toEqual([true, false]);
});

test('an address that nothing is known of is refused, with the nearest one', async () => {
  const { cairn, page, has } = await pagesProject();
  const { code, stderr } = await cairn(['forget', 'playbooks/one.yaml', page('alpah'), page('beta'), '--yes']);
  expect(code).toBe(2);
  expect(stderr).toContain(`did you mean ${page('alpha')}?`);
  expect((await cairn(['plan', '--undo', 'playbooks/one.yaml'])).stdout).toMatch(/beta/);
  expect(has('beta')).toBe(true);
});

test('--json gives the plan and the run as data', async () => {
  const { cairn, page } = await pagesProject();
  const { stdout } = await cairn(['forget', 'playbooks/one.yaml', page('beta'), '--yes', '--json']);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ type }) => type)).toEqual([
    'plan-made',
    'run-started',
    'step-started',
    'resource-finished',
    'step-finished',
    'run-finished',
  ]);
  expect(events[0]).toMatchObject({ plan: { command: 'forget', steps: [{ changes: [{ verb: 'forget' }] }] } });
});
