import { host, restore, step } from '@cairnhq/cairn';
import { fleet } from '../../roles/fleet/index.ts';

export default step({
  summary: "The operator's key opens the account",
  on: 'hosts',
  vars: fleet.vars,
  resources: ({ vars: { operator } }) => ({
    key: host.authorizedKey({ user: operator.name, key: operator.key, options: 'no-agent-forwarding' }),
  }),
  undo: restore,
});
