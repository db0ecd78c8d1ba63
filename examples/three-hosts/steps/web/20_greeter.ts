import { host, restore, step } from '@cairnhq/cairn';
import { site } from '../../roles/site/index.ts';

export default step({
  summary: 'The program that serves the site',
  on: 'hosts',
  vars: site.vars,
  resources: () => ({ greeter: host.package({ name: 'greeter' }) }),
  undo: restore,
});
