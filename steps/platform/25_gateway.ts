import { k8s, restore, step, type VarsOf } from '@cairnhq/cairn';
import { answers, type Expected, get, judge } from '../../roles/gateway/answers.ts';
import { gateway, names } from '../../roles/gateway/index.ts';

export default step({
  summary: 'One listener for all names behind the gateway, with their certificate',
  on: 'cluster',
  vars: gateway.vars,

  resources({ vars }) {
    const { namespace, domain } = vars;
    const tls = { mode: 'Terminate', certificateRefs: [{ name: names.certificate }] };
    const listener = { name: names.listener, protocol: 'HTTPS', port: 443, hostname: `*.${domain}`, tls };
    const spec = {
      gatewayClassName: names.class,
      listeners: [{ ...listener, allowedRoutes: { namespaces: { from: 'All' } } }],
    };
    const gatewayClass = k8s.gatewayClass({
      name: names.class,
      spec: { controllerName: 'traefik.io/gateway-controller' },
    });
    const way = k8s.gateway({ namespace, name: names.gateway, spec });
    return { gatewayClass, gateway: way, answers: answers(vars, nobody(vars), [way]) };
  },

  async verify({ vars, check, http, kube }) {
    await check('the gateway has a valid certificate, and nothing behind a name that nobody took', async () => {
      const verdict = judge(await get(vars, { http, kube }, nobody(vars)), nobody(vars));
      if (verdict !== true) throw new Error(verdict);
    });
  },

  undo: restore,
});

function nobody({ domain }: VarsOf<typeof gateway>): Expected {
  return { url: `https://nobody.${domain}/`, status: 404 };
}
