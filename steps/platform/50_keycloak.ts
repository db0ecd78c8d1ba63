import { restore, step, T, type VarsOf } from '@cairnhq/cairn';
import { answers, type Expected, get, judge } from '../../roles/gateway/answers.ts';
import { authority } from '../../roles/gateway/authority.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { route } from '../../roles/gateway/route.ts';
import { adminLogin, insideAnswer } from '../../roles/sso/checks.ts';
import { names, sso } from '../../roles/sso/index.ts';
import { server } from '../../roles/sso/server.ts';

export default step({
  summary: 'Keycloak behind the gateway, under one name for browsers and pods',
  on: 'cluster',
  vars: T.Object({ sso: sso.vars, gateway: gateway.vars }),

  resources({ vars: { sso, gateway } }) {
    const made = server(sso);
    const { namespace, url } = sso;
    const host = new URL(url).hostname;
    const way = route('HTTPRoute', gateway.namespace, {
      namespace,
      name: names.server,
      host,
      service: names.server,
      port: names.port,
    });
    return { ...made, way, answers: answers(gateway, itself(sso), [way, made.deployment]) };
  },

  async verify({ vars, check, http, kube }) {
    const { sso, gateway } = vars;

    await check('Keycloak answers under its name, with a valid certificate, and names itself so', async () => {
      const verdict = judge(await get(gateway, { http, kube }, itself(sso)), itself(sso));
      if (verdict !== true) throw new Error(verdict);
    });

    await check('a pod finds it by the same name, and trusts it', async () => {
      const ca = await authority(gateway, { kube });
      const answer = await insideAnswer(sso, kube, ca);
      if (!answer.includes(itself(sso).body ?? '')) throw new Error(`from a pod: ${answer.slice(0, 200)}`);
    });

    await check('the administrator logs in with the password of the Secret, and not with another', async () => {
      const [right, wrong] = await adminLogin(vars, { http, kube });
      if (right !== 200) throw new Error(`a token with the password of ${sso.namespace}/${names.admin} → ${right}`);
      if (wrong !== 401) throw new Error(`a token with a wrong password → ${wrong}, expected 401`);
    });

    await check('what it says of its own health stays inside', async () => {
      const { status } = await get(gateway, { http, kube }, { url: `${sso.url}/health/ready` });
      if (status !== 404) throw new Error(`GET ${sso.url}/health/ready → ${status}, expected 404`);
    });
  },

  undo: restore,
});

// Tokens name what stands here: it must be the name by which people came.
function itself({ url }: VarsOf<typeof sso>): Expected {
  const master = `${url}/realms/master`;
  return { url: `${master}/.well-known/openid-configuration`, status: 200, body: `"issuer":"${master}"` };
}
