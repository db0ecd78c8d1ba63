import { restore, step } from '@cairnhq/cairn';
import { makeArchive } from '../../roles/image/index.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'The base image that all others stand on',
  on: 'hosts',
  vars: kind.vars,
  resources: ({ vars }) => ({ base: makeArchive(vars, 'base-bookworm.tar', '25 s', ['base-image.sh', vars.cache]) }),
  undo: restore,
});
