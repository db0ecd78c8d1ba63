import { host, restore, step, text } from '@cairnhq/cairn';
import { store } from '../../roles/store/index.ts';

export default step({
  summary: "The store's password, for its keeper alone",
  on: 'hosts',
  vars: store.vars,
  resources: ({ vars: { password } }) => ({
    folder: host.directory({ path: '/etc/store', mode: '0750', group: 'keeper' }),
    password: host.file({
      path: '/etc/store/password',
      content: text`${password}\n`,
      mode: '0640',
      owner: 'keeper',
      group: 'keeper',
    }),
  }),
  undo: restore,
});
