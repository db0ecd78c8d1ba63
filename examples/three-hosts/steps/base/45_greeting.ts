import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'Who signs in is told whose host it is, and strangers are told nothing',
  on: 'hosts',
  vars: fleet.vars,
  resources: ({ vars: { operator }, target }) => ({
    motd: host.file({
      path: '/etc/motd',
      content: fleet.template('motd', { host: target.name, operator: operator.name }),
    }),
    issue: host.file({ path: '/etc/issue.net', absent: true }),
  }),
  undo: restore,
});
