import { restore, step, T } from '@cairnhq/cairn';
import { argoCd } from '../../roles/argo_cd/index.ts';
import { demandNewest, demandSelfHeal, demandSynced } from '../../roles/container_deployment/delivered.ts';
import { containerDeployment } from '../../roles/container_deployment/index.ts';
import { applicationOf, delivered, direct } from '../../roles/devpi/delivery.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { probeJob } from '../../roles/devpi/probe-job.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { gitServer } from '../../roles/git_server/index.ts';
import { registry } from '../../roles/registry/index.ts';

export default step({
  summary: 'devpi-server with its packages on the claim',
  on: 'cluster',
  vars: T.Object({
    devpi: devpi.vars,
    argoCd: argoCd.vars,
    containerDeployment: containerDeployment.vars,
    gateway: gateway.vars,
    gitServer: gitServer.vars,
    registry: registry.vars,
  }),

  resources: ({ vars }) => (vars.devpi.delivery === 'argocd' ? delivered(vars) : direct(vars)),

  async verify({ vars, check, scratch, kube, http }) {
    const { namespace, delivery, image, apiHost } = vars.devpi;

    if (delivery === 'argocd') {
      const application = applicationOf(vars.devpi);
      await check('Argo CD says Synced and Healthy', () => demandSynced(vars.argoCd, application, { kube }));
      await check('what is changed by hand is given back', () => demandSelfHeal(vars.argoCd, application, { kube }));
      if (image === '') {
        const running = { namespace, name: names.server };
        await check('the newest image runs', () => demandNewest(vars, running, { kube, http }));
      }
    }

    const job = probeJob(vars.devpi, {
      name: 'cairn-probe-service',
      script: devpi.read('answers.py'),
      args: [`http://${names.server}.${namespace}:${names.port}/+api`, `https://${apiHost}/+login`],
    });
    await scratch('devpi answers through its Service, and knows its name outside', { job }, async () => {});
  },

  undo: restore,
});
