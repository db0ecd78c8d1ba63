import { host, restore, step } from '@cairnhq/cairn';
import { store } from '../../roles/store/index.ts';

export default step({
  summary: 'An empty store, made once',
  on: 'hosts',
  vars: store.vars,
  resources: ({ vars: { folder } }) => ({
    data: host.script({
      id: 'initialise-store',
      content: store.read('initialise.sh'),
      args: [folder],
      creates: `${folder}/data/VERSION`,
      undo: ['rm', '-r', `${folder}/data`],
    }),
    there: host.fileExists({ path: `${folder}/data/VERSION` }),
  }),
  undo: restore,
});
