import { dirname } from 'node:path';
import { host, k8s, restore, step } from '@cairnhq/cairn';
import { names, sso } from '../../roles/sso/index.ts';

export default step({
  summary: "The first password of the realm's user, where root of this machine finds it",
  on: 'hosts',
  vars: sso.vars,

  resources({ vars: { namespace, user, passwordFile: path } }) {
    if (user === '' || path === '') return {};
    const login = k8s.existing.secret({ namespace, name: names.user, keys: ['password'] });
    const folder = host.directory.existing({ path: dirname(path) });
    const file = host.file({ path, content: login.out.data.password, mode: '0600', owner: 'root', group: 'root' });
    return { login, folder, file };
  },

  undo: restore,
});
