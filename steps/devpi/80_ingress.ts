import { restore, step, T } from '@cairnhq/cairn';
import { ask } from '../../roles/devpi/api.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { route } from '../../roles/gateway/route.ts';

export default step({
  summary: 'The API host: open to pip and uploads, over HTTPS alone',
  on: 'cluster',
  vars: T.Object({ devpi: devpi.vars, gateway: gateway.vars }),

  resources({ vars: { devpi, gateway } }) {
    const { namespace, apiHost: host } = devpi;
    const spec = { namespace, name: names.api, host, service: names.server, port: names.port };
    return { api: route(devpi.route, gateway.namespace, spec) };
  },

  async verify({ vars, check, http, kube }) {
    const outside = { http, kube };
    const { apiHost } = vars.devpi;

    await check('the API host is devpi, its certificate is valid, and nobody is sent to a login page', async () => {
      const { status, body } = await ask(vars, outside, '/+api');
      if (status !== 200 || !body.includes(`https://${apiHost}/+login`))
        throw new Error(
          `GET https://${apiHost}/+api → ${status}, expected 200 and devpi's own answer: ${body.slice(0, 200)}`,
        );
    });

    await check('plain HTTP is redirected to HTTPS', async () => {
      const { status, headers } = await http.send(`http://${apiHost}/+api`, {
        connectTo: `${vars.gateway.address}:80`,
      });
      if (![301, 308].includes(status) || headers.location !== `https://${apiHost}/+api`)
        throw new Error(`GET http://${apiHost}/+api → ${status} ${headers.location ?? ''}, expected 308 to HTTPS`);
    });
  },

  undo: restore,
});
