import { restore, step, T } from '@cairnhq/cairn';
import { containerDeployment } from '../../roles/container_deployment/index.ts';
import { proveRebuild } from '../../roles/container_deployment/rebuild.ts';
import { passwordIn } from '../../roles/devpi/api.ts';
import { browserJourney } from '../../roles/devpi/browser.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { go, nothingLeft } from '../../roles/devpi/journey.ts';
import { authority } from '../../roles/gateway/authority.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { gitServer } from '../../roles/git_server/index.ts';
import { oauth2Proxy } from '../../roles/oauth2_proxy/index.ts';
import { registry } from '../../roles/registry/index.ts';
import { sso } from '../../roles/sso/index.ts';

export default step({
  summary: 'A package goes its whole way, from upload to install, and a person to the dashboard',
  on: 'hosts',
  phase: 'test',
  vars: T.Object({
    devpi: devpi.vars,
    sso: sso.vars,
    gateway: gateway.vars,
    oauth2Proxy: oauth2Proxy.vars,
    containerDeployment: containerDeployment.vars,
    gitServer: gitServer.vars,
    registry: registry.vars,
  }),
  resources: () => ({}),

  async verify(context) {
    const { vars, check, host, kube, http } = context;
    const password = await passwordIn(names.admin, vars, { kube });
    const trusted = (await authority(vars.gateway, { kube })) ?? '';
    const { stdout } = await host.run({ argv: ['mktemp', '-d', '/tmp/cairn-XXXXXXXX'] });
    const folder = stdout.trim();
    const journey = { vars: vars.devpi, folder };
    const loggedIn = { ...journey, stdin: password };

    try {
      await go(host, 'begin', { ...journey, stdin: trusted });
      await check('twine uploads a package', () => go(host, 'twine', loggedIn));
      await check('the devpi client uploads its second version', () => go(host, 'devpi', loggedIn));
      await check('pip installs the first version from the API host', () => go(host, 'pip', journey));
      await check('uv installs the second', () => go(host, 'uv', journey));
      await check('8 uploads at once all arrive', () => go(host, 'together', loggedIn));
      await check('a wrong password is refused', () => go(host, 'refused', journey));
      await browserJourney({ ...context, folder });
    } finally {
      await check('nothing is left behind', async () => {
        await go(host, 'end', loggedIn);
        await nothingLeft(vars, { http, kube }, { host, folder });
      });
    }
    if (vars.devpi.builder !== 'none') await proveRebuild(vars, context);
  },

  undo: restore,
});
