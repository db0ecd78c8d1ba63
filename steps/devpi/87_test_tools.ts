import { restore, step } from '@cairnhq/cairn';
import { devpi } from '../../roles/devpi/index.ts';
import { journeyTools } from '../../roles/devpi/journey.ts';

export default step({
  summary: 'twine, uv and the devpi client, for the journey of 88',
  on: 'hosts',
  vars: devpi.vars,
  resources: ({ vars }) => ({ tools: journeyTools(vars) }),
  undo: restore,
});
