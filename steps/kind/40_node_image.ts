import { restore, step } from '@cairnhq/cairn';
import { kind, nodeImage } from '../../roles/kind/index.ts';

export default step({
  summary: 'The node image: the published one, or one built from packages',
  on: 'hosts',
  vars: kind.vars,
  resources: ({ vars }) => ({ image: nodeImage(vars) }),
  undo: restore,
});
