import { restore, step } from '@cairnhq/cairn';
import { kind, recipeFiles } from '../../roles/kind/index.ts';

export default step({
  summary: 'The recipe, where the host is another machine',
  on: 'hosts',
  vars: kind.vars,
  resources: ({ vars }) => recipeFiles(vars),
  undo: restore,
});
