import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkoutOf } from './rig.ts';

const stepOf = (resources: string): string =>
  `import { host, restore, step } from '@cairnhq/cairn';
export default step({ summary: 'One', on: 'hosts', undo: restore, resources: () => (${resources}) });
`;

test('a purge leaves what a step that was not chosen declares, and what another playbook does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-purge-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['ours', 'others', 'old']) writeFileSync(join(folder, name), 'x');
  const fileAt = (name: string): string => stepOf(`{ one: host.file({ path: '${folder}/${name}', content: 'x' }) }`);
  const { cairn } = checkoutOf('shop', [
    ['steps/conf/10_file.ts', fileAt('ours')],
    ['steps/conf/20_only.ts', stepOf(`{ only: host.purge({ path: '${folder}' }) }`)],
    ['steps/more/10_file.ts', fileAt('others')],
    ['playbooks/conf.yaml', 'components: [{ component: conf, hosts: here }]\n'],
    ['playbooks/more.yaml', 'components: [{ component: more, hosts: here }]\n'],
    ['playbooks/shop.yaml', 'components: []\n'],
    ['playbooks/machine.yaml', 'components: []\n'],
    ['inventory/local/hosts.yaml', 'all: { hosts: { here: { ansible_connection: local } } }\n'],
  ]);
  const up = await cairn(['up', 'playbooks/conf.yaml', '--only', 'conf/20', '--yes']);
  expect([up.code, up.stderr]).toEqual([0, '']);
  expect(up.stdout).toContain(`removed undeclared file ${folder}/old`);
  expect(readdirSync(folder).sort()).toEqual(['others', 'ours']);
  expect((await cairn(['undo', 'playbooks/conf.yaml', '--yes'])).code).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(['old', 'others', 'ours']);
});
