import { restore, step, T } from '@cairnhq/cairn';
import { gateway } from '../../roles/gateway/index.ts';
import { guest } from '../../roles/sso/guest.ts';
import { groupPath, issuerOf, sso } from '../../roles/sso/index.ts';
import { loginUrl, toKeycloak } from '../../roles/sso/outside.ts';
import { people } from '../../roles/sso/realm.ts';
import { Visitor } from '../../roles/sso/visitor.ts';

export default step({
  summary: 'A realm of people, and the group of those who may come in',
  on: 'cluster',
  vars: T.Object({ sso: sso.vars, gateway: gateway.vars }),
  resources: ({ vars }) => people(vars.sso),

  async verify({ vars, check, scratch, http, kube }) {
    const issuer = issuerOf(vars.sso);
    const send = await toKeycloak(vars, { http, kube });

    await check('the realm answers, and names itself', async () => {
      const { status, body } = await send(`${issuer}/.well-known/openid-configuration`, {});
      if (status !== 200 || !body.includes(`"issuer":"${issuer}"`))
        throw new Error(`GET ${issuer}/.well-known/openid-configuration → ${status}, expected 200 and its own name`);
    });

    const { who, account } = guest(vars.sso, 'member');
    const redirect = `${issuer}/account/`;
    const start = loginUrl(vars, { client: 'account-console', redirect });
    const isBack = (url: string): boolean => url.startsWith(redirect);
    await scratch(
      `a member of ${groupPath(vars.sso)} logs in, and nobody with a wrong password`,
      { account },
      async () => {
        const wrong = new Visitor(send);
        const refused = await wrong.logIn(await wrong.open(start), { ...who, password: 'not-the-password' }, isBack);
        if (isBack(refused.url)) throw new Error('a wrong password was accepted');
        const right = new Visitor(send);
        const back = await right.logIn(await right.open(start), who, isBack);
        if (!isBack(back.url)) throw new Error(`after a login the realm shows ${back.status} at its own page`);
      },
    );
  },

  undo: restore,
});
