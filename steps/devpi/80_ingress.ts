import { restore, step, T, type VarsOf } from '@cairnhq/cairn';
import { devpi, names } from '../../roles/devpi/index.ts';
import { answers, type Expected, get, judge } from '../../roles/gateway/answers.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { route } from '../../roles/gateway/route.ts';

export default step({
  summary: 'The API host: open to pip and uploads, over HTTPS alone',
  on: 'cluster',
  vars: T.Object({ devpi: devpi.vars, gateway: gateway.vars }),

  resources({ vars: { devpi, gateway } }) {
    const { namespace, apiHost: host } = devpi;
    const spec = { namespace, name: names.api, host, service: names.server, port: names.port };
    const api = route(devpi.route, gateway.namespace, spec);
    return { api, answers: answers(gateway, itself(devpi), [api]) };
  },

  async verify({ vars, check, http, kube }) {
    const { apiHost } = vars.devpi;

    await check('the API host is devpi, its certificate is valid, and nobody is sent to a login page', async () => {
      const verdict = judge(await get(vars.gateway, { http, kube }, itself(vars.devpi)), itself(vars.devpi));
      if (verdict !== true) throw new Error(verdict);
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

// Only devpi says of itself where one logs in, and only one that knows its name says it so.
function itself({ apiHost }: VarsOf<typeof devpi>): Expected {
  return { url: `https://${apiHost}/+api`, status: 200, body: `https://${apiHost}/+login` };
}
