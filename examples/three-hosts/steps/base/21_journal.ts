import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: "The system's journal stays small",
  on: 'hosts',
  vars: fleet.vars,
  resources: () => ({
    size: host.iniValue({ path: '/etc/systemd/journald.conf', at: ['Journal', 'SystemMaxUse'], value: '200M' }),
  }),
  undo: restore,
});
