import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'Who works here, and who no longer does',
  on: 'hosts',
  vars: fleet.vars,
  resources: ({ vars: { operator } }) => ({
    operators: host.group({ name: 'operators', gid: 4100 }),
    operator: host.user({
      name: operator.name,
      groups: ['operators'],
      comment: 'Operator',
      shell: '/bin/bash',
      passwordHash: operator.passwordHash,
    }),
    backup: host.user({ name: 'keeper', system: true, home: '/var/lib/keeper', shell: '/usr/sbin/nologin' }),
    games: host.user({ name: 'games', absent: true }),
  }),
  undo: restore,
});
