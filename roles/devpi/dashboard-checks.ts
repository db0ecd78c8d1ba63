import type { Checks, Probes } from '@cairnhq/cairn';
import { cookieName } from '../oauth2_proxy/index.ts';
import { cookiesIn } from '../sso/cookies.ts';
import { guest } from '../sso/guest.ts';
import type { Vars } from './dashboard.ts';
import { anonymously, byGateway, demandDashboard, demandLogin, logIn } from './dashboard-login.ts';

type Context = { readonly vars: Vars } & Checks & Probes;

/** The login wall, from outside: who doesn't get in, who does, and that it stays so. */
export async function dashboardChecks({ vars, check, scratch, http, kube }: Context): Promise<void> {
  const send = await byGateway(vars, { http, kube });
  const { index } = vars.devpi;

  await check('nobody without a login sees anything of the dashboard', async () => {
    for (const path of ['/', '/+api', '/+search?query=a', `/${index}`, `/${index}/+simple/`, '/root/pypi/pip/']) {
      const { url, answer } = await anonymously(vars, send, path);
      demandLogin(vars, url, answer);
    }
    const api = { headers: { accept: 'application/json' } };
    for (const request of [api, { method: 'POST', body: ':action=file_upload' } as const]) {
      const { url, answer } = await anonymously(vars, send, `/${index}/`, request);
      if (![302, 401, 403].includes(answer.status)) throw new Error(`${url} without a login → ${answer.status}`);
    }
  });

  await check('neither a made-up session nor headers that name somebody let anybody in', async () => {
    const forged = [
      { cookie: `${cookieName}=djIuYWJj.ZGVm|1|c2lnbmF0dXJl` },
      { 'x-forwarded-user': 'root', 'x-forwarded-email': 'root@example.org', 'x-auth-request-user': 'root' },
      { authorization: 'Bearer not-a-token' },
    ];
    for (const headers of forged) {
      const { url, answer } = await anonymously(vars, send, '/', { headers });
      if (answer.status < 300) throw new Error(`${url} with ${Object.keys(headers).join(', ')} → ${answer.status}`);
    }
  });

  const member = guest(vars.sso, 'member');
  await scratch(
    'a member logs in, sees devpi, and has to log in again after the sign-out',
    { account: member.account },
    async () => {
      const { visitor, page } = await logIn(vars, send, member.who);
      demandDashboard(vars, page);
      const here = `https://${vars.devpi.dashboardHost}/`;
      if (vars.devpi.route === 'HTTPRoute' && page.body.includes(`https://${vars.devpi.apiHost}/`))
        throw new Error('the pages of the dashboard lead to the API host');
      const out = await visitor.open(`${here}oauth2/sign_out`, { until: () => true });
      if (out.status >= 400) throw new Error(`${here}oauth2/sign_out → ${out.status}`);
      const again = await visitor.open(here);
      if (!again.body.includes('kc-form-login')) throw new Error(`after the sign-out ${here} → ${again.status}`);
    },
  );

  const stranger = guest(vars.sso, 'stranger');
  await scratch(
    'who is not in the group is turned away, though the password is right',
    { account: stranger.account },
    async () => {
      const { page } = await logIn(vars, send, stranger.who);
      if (page.status !== 403) throw new Error(`a login from outside the group → ${page.status}, expected 403`);
    },
  );

  await check('its cookies are for this domain, over TLS, and no script reads them', async () => {
    const { answer } = await anonymously(vars, send, '/');
    const set = cookiesIn(answer.headers['set-cookie']).filter((line) => line.startsWith(cookieName));
    if (set.length === 0) throw new Error('the way to the login sets no cookie');
    for (const line of set) {
      for (const wanted of [
        `Domain=${vars.oauth2Proxy.cookieDomain.replace(/^\./, '')}`,
        'Secure',
        'HttpOnly',
        'SameSite=None',
      ]) {
        if (!line.toLowerCase().split('; ').includes(wanted.toLowerCase()))
          throw new Error(`cookie ${line.split('=')[0]} lacks ${wanted}`);
      }
    }
  });
}
