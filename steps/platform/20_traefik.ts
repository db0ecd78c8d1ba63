import { k8s, restore, step } from '@cairnhq/cairn';
import { definitions, gateway, names } from '../../roles/gateway/index.ts';
import { access, proxy } from '../../roles/gateway/traefik.ts';

export default step({
  summary: 'Traefik on ports 80 and 443, for Gateway API and Ingress',
  on: 'cluster',
  vars: gateway.vars,

  resources({ vars }) {
    const kinds = definitions().map((definition) => [definition.metadata.name, k8s.object(definition)] as const);
    const ingressClass = k8s.object({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: names.class },
      spec: { controller: 'traefik.io/ingress-controller' },
    });
    return { ...Object.fromEntries(kinds), ...access(vars), ingressClass, proxy: proxy(vars) };
  },

  async verify({ vars, check, http }) {
    const host = `nobody.${vars.domain}`;

    await check('plain HTTP is redirected to HTTPS', async () => {
      const { status, headers } = await http.send(`http://${host}/a?b=c`, { connectTo: `${vars.address}:80` });
      const expected = `https://${host}/a?b=c`;
      if (![301, 308].includes(status) || headers.location !== expected)
        throw new Error(`GET http://${host}/a?b=c → ${status} to ${headers.location}, expected 308 to ${expected}`);
    });
  },

  undo: restore,
});
