import { restore, step, T } from '@cairnhq/cairn';
import { dashboardProxy } from '../../roles/devpi/dashboard.ts';
import { anonymously, byForward, demandLogin, logIn, sessionOf } from '../../roles/devpi/dashboard-login.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { oauth2Proxy } from '../../roles/oauth2_proxy/index.ts';
import { holds } from '../../roles/redis/ephemeral_redis/checks.ts';
import { guest } from '../../roles/sso/guest.ts';
import { sso } from '../../roles/sso/index.ts';

export default step({
  summary: 'OAuth2 Proxy before the dashboard: nobody comes through without a login',
  on: 'cluster',
  vars: T.Object({ devpi: devpi.vars, sso: sso.vars, gateway: gateway.vars, oauth2Proxy: oauth2Proxy.vars }),
  resources: ({ vars }) => dashboardProxy(vars),

  async verify({ vars, check, scratch, http, kube }) {
    const outside = { http, kube };
    const { namespace } = vars.devpi;
    const to = { namespace, service: names.proxy, port: 'http' } as const;

    await kube.portForward(to, async ({ url: forwarded }) => {
      const send = await byForward(vars, outside, forwarded);

      await check('the proxy says that it is well, and that its sessions are', async () => {
        for (const path of ['/ping', '/ready']) {
          const { status } = await http.send(`${forwarded}${path}`);
          if (status !== 200) throw new Error(`GET ${path} of Service ${namespace}/${names.proxy} → ${status}`);
        }
      });

      await check('whoever comes without a session is sent to the right realm, as the right client', async () => {
        const { url, answer } = await anonymously(vars, send, '/');
        demandLogin(vars, url, answer);
      });

      const { who, account } = guest(vars.sso, 'member');
      await scratch('the session of a login is in Redis, and is gone after the sign-out', { account }, async () => {
        const { visitor } = await logIn(vars, send, who);
        const key = sessionOf(visitor);
        const redis = { namespace, name: names.redis };
        if (!(await holds(redis, kube, key))) throw new Error('Redis does not know the session');
        await visitor.open(`https://${vars.devpi.dashboardHost}/oauth2/sign_out`, { until: () => true });
        if (await holds(redis, kube, key)) throw new Error('Redis still knows the session after the sign-out');
      });
    });
  },

  undo: restore,
});
