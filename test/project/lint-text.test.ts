import { expect, test } from 'vitest';
import { load } from '../../src/cli/load.ts';
import { problemsView } from '../../src/report/views/problems-view.ts';
import { envOf, projectOf } from './rig.ts';

const vars = `shop:
  replica: 2
  host: a
  port: "80a"
  tags: []
  password: !secret env:DEVPI_ADMIN_PASSWORD
domain: x
`;

const playbook = `farwell: bye
components:
  - component: shop
    cluster: cairn
    steps: [45_oauth2, 20]
    vars: { shop: { replicas: 2 } }
`;

test('five mistakes are told at once, each with its place and what to do', async () => {
  const root = projectOf('shop', [
    ['inventory/local/group_vars/all.yaml', vars],
    ['playbooks/shop.yaml', playbook],
  ]);
  const selection = { only: [], set: [] };
  const { problems } = await load({
    root,
    cwd: root,
    playbook: 'playbooks/shop.yaml',
    env: envOf(root),
    set: [],
    selection,
  });
  expect(problemsView(problems, { color: false })).toMatchInlineSnapshot(`
    "inventory/local/group_vars/all.yaml:2:3  unknown key "replica" in shop
        did you mean "replicas"?  (roles/shop/index.ts)
    inventory/local/group_vars/all.yaml:4:9  shop.port must be an integer, is "80a"
    inventory/local/group_vars/all.yaml:6:21  secret env:DEVPI_ADMIN_PASSWORD is not set
        export DEVPI_ADMIN_PASSWORD, or point the secret elsewhere
    playbooks/shop.yaml:1:1  unknown key "farwell" in playbooks/shop.yaml
        did you mean "farewell"?
    playbooks/shop.yaml:5:13  step shop/45_oauth2 does not exist
        nearest: shop/30_redis
    5 problems, nothing was touched."
  `);
});
