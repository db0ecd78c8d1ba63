import { k8s, restore, step } from '@cairnhq/cairn';
import { authority } from '../../roles/gateway/authority.ts';
import { gateway, names } from '../../roles/gateway/index.ts';

export default step({
  summary: 'One listener for all names behind the gateway, with their certificate',
  on: 'cluster',
  vars: gateway.vars,

  resources({ vars: { namespace, domain } }) {
    const tls = { mode: 'Terminate', certificateRefs: [{ name: names.certificate }] };
    const listener = { name: names.listener, protocol: 'HTTPS', port: 443, hostname: `*.${domain}`, tls };
    const spec = {
      gatewayClassName: names.class,
      listeners: [{ ...listener, allowedRoutes: { namespaces: { from: 'All' } } }],
    };
    return {
      gatewayClass: k8s.gatewayClass({ name: names.class, spec: { controllerName: 'traefik.io/gateway-controller' } }),
      gateway: k8s.gateway({ namespace, name: names.gateway, spec }),
    };
  },

  async verify({ vars, check, http, kube }) {
    const host = `nobody.${vars.domain}`;

    await check('the gateway has a valid certificate, and nothing behind a name that nobody took', async () => {
      const ca = await authority(vars, { kube });
      const { status } = await http.send(`https://${host}/`, { connectTo: vars.address, ...(ca === undefined ? {} : { ca }) });
      if (status !== 404) throw new Error(`GET https://${host}/ → ${status}, expected 404`);
    });
  },

  undo: restore,
});
