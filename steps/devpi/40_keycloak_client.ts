import { restore, step, T } from '@cairnhq/cairn';
import { callbackUrl, dashboardClient } from '../../roles/devpi/dashboard.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { sso } from '../../roles/sso/index.ts';
import { askToken, loginUrl, toKeycloak } from '../../roles/sso/outside.ts';

export default step({
  summary: 'Register the dashboard with Keycloak',
  on: 'cluster',
  vars: T.Object({ devpi: devpi.vars, sso: sso.vars, gateway: gateway.vars }),
  resources: ({ vars }) => dashboardClient(vars),

  async verify({ vars, check, http, kube }) {
    const outside = { http, kube };
    const redirect = callbackUrl(vars.devpi);
    // With a code that nobody was given, an answer says whether the client was believed before it says anything of the code.
    const claim = async (secret: string): Promise<string> => {
      const login = { client_id: names.client, client_secret: secret };
      const asked = { grant_type: 'authorization_code', code: 'none', redirect_uri: redirect, code_verifier: 'none' };
      return (await askToken(vars, outside, { ...asked, ...login })).body;
    };

    await check('the client may ask for tokens with the secret that the cluster keeps, and with no other', async () => {
      const { namespace } = vars.devpi;
      const found = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: names.clientSecret });
      const kept = (found?.data as Readonly<Record<string, string>> | undefined)?.['client-secret'] ?? '';
      const right = await claim(Buffer.from(kept, 'base64').toString());
      if (!right.includes('"invalid_grant"')) throw new Error(`with the secret of ${names.clientSecret}: ${right}`);
      const wrong = await claim('not-the-secret');
      if (!wrong.includes('"unauthorized_client"')) throw new Error(`with a wrong secret: ${wrong}`);
    });

    const loginPage = async (to: string) =>
      (await toKeycloak(vars, outside))(loginUrl(vars, { client: names.client, redirect: to }), {});

    await check('the realm shows its login page to whoever comes from the dashboard', async () => {
      const { status, body } = await loginPage(redirect);
      if (status !== 200 || !body.includes('kc-form-login'))
        throw new Error(`the login page for ${redirect} → ${status}, expected 200 and its form`);
    });

    for (const foreign of ['https://elsewhere.example.org/oauth2/callback', `${redirect}/other`]) {
      await check(`nobody is sent back to ${foreign}`, async () => {
        const { status } = await loginPage(foreign);
        if (status !== 400) throw new Error(`the login page for ${foreign} → ${status}, expected 400`);
      });
    }
  },

  undo: restore,
});
