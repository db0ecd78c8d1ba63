import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'The network is set up by one program, and this one is not it',
  on: 'hosts',
  vars: fleet.vars,
  resources: () => ({ networkd: host.service({ name: 'systemd-networkd', state: 'stopped', boot: 'masked' }) }),
  undo: restore,
});
