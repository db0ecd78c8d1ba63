import { restore, step } from '@cairnhq/cairn';
import { goBinary, kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'kind and kubectl, built from their Go modules',
  on: 'hosts',
  vars: kind.vars,
  resources: ({ vars }) => ({
    kind: goBinary(vars, 'kind', '20 s'),
    kubectl: goBinary(vars, 'kubectl', '2 min'),
  }),
  undo: restore,
});
