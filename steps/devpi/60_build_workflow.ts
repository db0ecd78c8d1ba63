import { restore, step, T } from '@cairnhq/cairn';
import { buildParts } from '../../roles/container_deployment/build.ts';
import { proveBuilds } from '../../roles/container_deployment/checks.ts';
import { containerDeployment } from '../../roles/container_deployment/index.ts';
import { devpi } from '../../roles/devpi/index.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { gitServer } from '../../roles/git_server/index.ts';
import { registry } from '../../roles/registry/index.ts';

export default step({
  summary: 'Each commit to the repository becomes an image, built in the cluster',
  on: 'cluster',
  vars: T.Object({
    containerDeployment: containerDeployment.vars,
    devpi: devpi.vars,
    gateway: gateway.vars,
    gitServer: gitServer.vars,
    registry: registry.vars,
  }),

  resources: ({ vars }) => (vars.devpi.builder === 'none' ? {} : buildParts(vars, vars.devpi.builder)),

  async verify(context) {
    if (context.vars.devpi.builder !== 'none') await proveBuilds(context.vars, context);
  },

  undo: restore,
});
