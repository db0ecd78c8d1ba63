import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkoutOf } from './rig.ts';

const stepOf = (name: string): string => `import { host, restore, step, T } from '@cairnhq/cairn';

export default step({
  summary: 'A file',
  on: 'hosts',
  vars: T.Object({ folder: T.String() }),
  resources: ({ vars }) => ({ file: host.file({ path: vars.folder + '/${name}', content: '' }) }),
  undo: restore,
});
`;

it.each(['demo/10_first', 'demo/10', '10_first', '10'])(
  'undo --to %s leaves that step and those before it',
  async (to) => {
    const { root, cairn } = checkoutOf('shop', [
      ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
      ['inventory/local/group_vars/all.yaml', '{}\n'],
      ['inventory/local/clusters.yaml', 'clusters: {}\n'],
      ['playbooks/demo.yaml', 'components: [{ component: demo, hosts: localhost }]\n'],
      ['playbooks/shop.yaml', 'components: []\n'],
      ['playbooks/machine.yaml', 'components: []\n'],
      ['steps/demo/10_first.ts', stepOf('first')],
      ['steps/demo/20_second.ts', stepOf('second')],
    ]);
    const words = ['playbooks/demo.yaml', '--yes', '--set', `folder=${root}`];
    expect(await cairn(['up', ...words])).toMatchObject({ code: 0 });
    expect(await cairn(['undo', ...words, '--to', to])).toMatchObject({ code: 0 });
    expect([existsSync(join(root, 'first')), existsSync(join(root, 'second'))]).toEqual([true, false]);
  },
);
