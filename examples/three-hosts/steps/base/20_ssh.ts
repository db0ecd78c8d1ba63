import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

const path = '/etc/ssh/sshd_config';
const validate = ['/usr/sbin/sshd', '-t', '-f', '%s'] as const;

export default step({
  summary: 'Nobody signs in with a password',
  on: 'hosts',
  vars: fleet.vars,
  resources: () => ({
    passwords: host.line({ path, match: /^#?PasswordAuthentication\b/, line: 'PasswordAuthentication no', validate }),
    forwarding: host.block({
      path,
      name: 'operators',
      content: 'Match Group operators\n  X11Forwarding no\n',
      validate,
    }),
  }),
  undo: restore,
});
