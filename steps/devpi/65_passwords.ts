import { restore, step } from '@cairnhq/cairn';
import { devpi } from '../../roles/devpi/index.ts';
import { passwords } from '../../roles/devpi/server.ts';

export default step({
  summary: "The passwords of devpi's root and of whoever may upload",
  on: 'cluster',
  vars: devpi.vars,
  resources: ({ vars }) => passwords(vars),
  undo: restore,
});
