import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'Hosts know each other by name',
  on: 'hosts',
  vars: fleet.vars,
  resources: ({ vars: { names } }) =>
    Object.fromEntries(Object.entries(names).map(([name, address]) => [name, host.hostsEntry({ name, address })])),
  undo: restore,
});
