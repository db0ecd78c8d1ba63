import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'Operators may restart the site',
  on: 'hosts',
  vars: fleet.vars,
  resources: () => ({
    operators: host.sudoers({
      name: 'operators',
      content: '%operators ALL=(root) NOPASSWD: /usr/bin/systemctl restart greeter\n',
    }),
  }),
  undo: restore,
});
