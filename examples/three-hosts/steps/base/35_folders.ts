import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'A folder that operators share',
  on: 'hosts',
  vars: fleet.vars,
  resources: () => ({
    ...host.directories('/srv', 'shared/inbox', { mode: '2770', group: 'operators' }),
    shortcut: host.link({ path: '/root/shared', target: '/srv/shared' }),
  }),
  undo: restore,
});
