import { k8s } from '@cairnhq/cairn';
import { names } from './index.ts';

/** A host name whose requests go to a Service, over HTTPS alone. */
export interface Route {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly service: string;
  readonly port: number;
  /** Set on each request; an Ingress can't. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The route as the cluster wants it: Gateway API's, or an Ingress. */
export function route(api: 'HTTPRoute' | 'Ingress', gatewayNamespace: string, spec: Route) {
  return api === 'HTTPRoute' ? httpRoute(gatewayNamespace, spec) : ingress(spec);
}

function httpRoute(gatewayNamespace: string, { name, namespace, host, service, port, headers = {} }: Route) {
  const set = Object.entries(headers).map(([header, value]) => ({ name: header, value }));
  const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set } }];
  return k8s.httpRoute({
    name,
    namespace,
    spec: {
      parentRefs: [{ name: names.gateway, namespace: gatewayNamespace, sectionName: names.listener }],
      hostnames: [host],
      rules: [{ ...(set.length > 0 ? { filters } : {}), backendRefs: [{ name: service, port }] }],
    },
  });
}

// The gateway's certificate covers the name; an entry without a Secret asks for HTTPS with it.
function ingress({ name, namespace, host, service, port }: Route) {
  const path = { path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: port } } } };
  return k8s.ingress({
    name,
    namespace,
    spec: { ingressClassName: names.class, tls: [{ hosts: [host] }], rules: [{ host, http: { paths: [path] } }] },
  });
}
