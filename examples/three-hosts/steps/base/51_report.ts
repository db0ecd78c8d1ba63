import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'A report of full disks, every week',
  on: 'hosts',
  vars: fleet.vars,
  resources: () => ({
    disks: host.cron({ user: 'root', name: 'disks', schedule: '0 7 * * 1', command: 'df -h >/srv/shared/disks' }),
  }),
  undo: restore,
});
