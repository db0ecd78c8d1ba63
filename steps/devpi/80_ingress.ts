import { restore, step, T, type VarsOf } from '@cairnhq/cairn';
import { dashboardChecks } from '../../roles/devpi/dashboard-checks.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { answers, type Expected, get, judge } from '../../roles/gateway/answers.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { route } from '../../roles/gateway/route.ts';
import { oauth2Proxy, port } from '../../roles/oauth2_proxy/index.ts';
import { sso } from '../../roles/sso/index.ts';

export default step({
  summary: 'Two hosts: the API, open to pip and uploads, and the dashboard behind a login; over HTTPS alone',
  on: 'cluster',
  vars: T.Object({ devpi: devpi.vars, sso: sso.vars, gateway: gateway.vars, oauth2Proxy: oauth2Proxy.vars }),

  resources({ vars: { devpi, gateway } }) {
    const { namespace, apiHost, dashboardHost } = devpi;
    const way = (spec: { name: string; host: string; service: string; port: number; headers?: Headers }) =>
      route(devpi.route, gateway.namespace, { namespace, ...spec });
    const api = way({ name: names.api, host: apiHost, service: names.server, port: names.port });
    const dashboard = way({
      name: names.dashboard,
      host: dashboardHost,
      service: names.proxy,
      port,
      // devpi's pages lead on to themselves, and not to the API host
      headers: { 'X-Outside-Url': `https://${dashboardHost}` },
    });
    return {
      api,
      dashboard,
      answers: answers(gateway, itself(devpi), [api]),
      guarded: answers(gateway, guard(devpi), [dashboard]),
    };
  },

  async verify(context) {
    const { vars, check, http, kube } = context;
    const { apiHost } = vars.devpi;

    await check('the API host is devpi, its certificate is valid, and nobody is sent to a login page', async () => {
      const verdict = judge(await get(vars.gateway, { http, kube }, itself(vars.devpi)), itself(vars.devpi));
      if (verdict !== true) throw new Error(verdict);
    });

    for (const host of [apiHost, vars.devpi.dashboardHost]) {
      await check(`plain HTTP to ${host} is redirected to HTTPS`, async () => {
        const { status, headers } = await http.send(`http://${host}/+api`, { connectTo: `${vars.gateway.address}:80` });
        if (![301, 308].includes(status) || headers.location !== `https://${host}/+api`)
          throw new Error(`GET http://${host}/+api → ${status} ${headers.location ?? ''}, expected 308 to HTTPS`);
      });
    }

    await dashboardChecks(context);
  },

  undo: restore,
});

type Headers = Readonly<Record<string, string>>;

// Only devpi says of itself where one logs in, and only one that knows its name says it so.
function itself({ apiHost }: VarsOf<typeof devpi>): Expected {
  return { url: `https://${apiHost}/+api`, status: 200, body: `https://${apiHost}/+login` };
}

// OAuth2 Proxy answers this itself.
function guard({ dashboardHost }: VarsOf<typeof devpi>): Expected {
  return { url: `https://${dashboardHost}/ping`, status: 200, body: 'OK' };
}
