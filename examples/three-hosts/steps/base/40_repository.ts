import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: 'Our own packages, believed by their key alone',
  on: 'hosts',
  vars: fleet.vars,
  resources: ({ vars: { repository } }) => ({ ours: host.aptRepository({ name: 'ours', ...repository }) }),
  undo: restore,
});
