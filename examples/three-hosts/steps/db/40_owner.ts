import { host, restore, step } from '@cairnhq/cairn';
import { store } from '../../roles/store/index.ts';

export default step({
  summary: 'The keeper owns the data',
  on: 'hosts',
  vars: store.vars,
  resources: ({ vars: { folder } }) => ({
    owner: host.command({
      id: 'data-to-keeper',
      argv: ['chown', '-R', 'keeper:keeper', `${folder}/data`],
      unless: ['sh', '-c', `test "$(stat -c %U ${folder}/data)" = keeper`],
      undo: ['chown', '-R', 'root:root', `${folder}/data`],
    }),
  }),
  undo: restore,
});
