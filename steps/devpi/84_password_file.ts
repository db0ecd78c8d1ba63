import { dirname } from 'node:path';
import { host, k8s, restore, step } from '@cairnhq/cairn';
import { devpi, names } from '../../roles/devpi/index.ts';

export default step({
  summary: "The uploader's password, where root of this machine finds it",
  on: 'hosts',
  vars: devpi.vars,

  resources({ vars: { namespace, passwordFile: path } }) {
    if (path === '') return {};
    const admin = k8s.existing.secret({ namespace, name: names.admin, keys: ['password'] });
    const folder = host.directory.existing({ path: dirname(path) });
    const file = host.file({ path, content: admin.out.data.password, mode: '0600', owner: 'root', group: 'root' });
    return { admin, folder, file };
  },

  undo: restore,
});
