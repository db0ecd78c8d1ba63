import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'A folder of settings in which nothing else is, and that operators read',
  on: 'hosts',
  vars: fleet.vars,
  resources: ({ vars: { operator } }) => ({
    folder: host.directory({ path: '/etc/fleet.d' }),
    contact: host.tomlValue({ path: '/etc/fleet.d/contact.toml', at: ['contact', 'operator'], value: operator.name }),
    only: host.purge({ path: '/etc/fleet.d', keep: ['*.local'] }),
    readable: host.permissions({ path: '/etc/fleet.d', owner: 'root', group: 'operators', fileMode: '0640' }),
  }),
  undo: restore,
});
