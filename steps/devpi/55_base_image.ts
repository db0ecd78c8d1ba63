import { restore, step, T } from '@cairnhq/cairn';
import { pushedBase } from '../../roles/container_deployment/base.ts';
import { containerDeployment } from '../../roles/container_deployment/index.ts';
import { devpi } from '../../roles/devpi/index.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { kind } from '../../roles/kind/index.ts';
import { registry } from '../../roles/registry/index.ts';

export default step({
  summary: 'The image that builds begin with, in the registry',
  on: 'hosts',
  vars: T.Object({
    containerDeployment: containerDeployment.vars,
    devpi: devpi.vars,
    gateway: gateway.vars,
    kind: kind.vars,
    registry: registry.vars,
  }),
  // a Harbor has no project yet, and a site no node to push from: its builds begin with an image that is named
  resources: ({ vars: { devpi, containerDeployment, registry, ...vars } }) =>
    devpi.builder === 'none' || containerDeployment.base !== '' || registry.harborProject !== ''
      ? {}
      : pushedBase({ ...vars, containerDeployment, registry }),
  undo: restore,
});
