import { restore, step, T } from '@cairnhq/cairn';
import { gateway } from '../../roles/gateway/index.ts';
import { kind } from '../../roles/kind/index.ts';
import { registry } from '../../roles/registry/index.ts';
import { nodeKnows } from '../../roles/registry/node.ts';

export default step({
  summary: "The registry's name, and the authority to trust for it, in the cluster's node",
  on: 'hosts',
  vars: T.Object({ gateway: gateway.vars, kind: kind.vars, registry: registry.vars }),
  resources: ({ vars }) => nodeKnows(vars),
  undo: restore,
});
