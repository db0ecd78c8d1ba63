import { expect, test } from 'vitest';
import { loadProject } from '../../src/project/load.ts';
import { envOf, projectOf } from './rig.ts';

const hosts = `all:
  vars: { ansible_connection: local, realm: cairn }
  children:
    web: { hosts: { 'web[0001:5000]': } }
    db: { hosts: { 'db[0001:5000]': } }
    prod: { hosts: { 'web[0001:2500]':, 'db[0001:2500]': } }
`;

test('a pattern over ten thousand hosts is answered, with all variables', async () => {
  const root = projectOf('shop', [
    ['inventory/local/hosts.yaml', hosts],
    ['playbooks/shop.yaml', "components: [{ component: machine, hosts: 'all:&prod:!web0001' }]\n"],
  ]);
  const selection = { only: [], set: [] };
  const options = { root, cwd: root, playbook: 'playbooks/shop.yaml', env: envOf(root), set: [], selection };
  const { project, problems } = await loadProject(options);
  expect(problems).toEqual([]);
  expect(new Set(project?.instances.map(({ target }) => target.name)).size).toBe(4999);
});
