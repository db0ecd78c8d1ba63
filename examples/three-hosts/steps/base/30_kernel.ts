import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'The kernel sends no redirects, and knows overlays from its next start on',
  on: 'hosts',
  vars: fleet.vars,
  resources: () => ({
    redirects: host.sysctl({ key: 'net.ipv4.conf.all.send_redirects', value: 0 }),
    overlay: host.kernelModule({ name: 'overlay' }),
  }),
  undo: restore,
});
