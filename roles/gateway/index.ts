import { role, T } from '@cairnhq/cairn';

/** The way into the cluster: Traefik behind ports 80 and 443, for Gateway API and Ingress alike. */
export const gateway = role(import.meta, {
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  image: T.String({ minLength: 1 }),
  /** All names beneath it lead to the gateway, under one certificate. */
  domain: T.String({ format: 'hostname' }),
  /** Address by which machines outside the cluster reach it. */
  address: T.String({ format: 'ipv4' }),
  /** Names beneath the domain that machines outside the cluster get in /etc/hosts. */
  hosts: T.Array(T.String({ format: 'hostname' })),
});

/** The names of what this role's steps make and others refer to. */
export const names = {
  /** Gateway, with one listener for HTTPS. */
  gateway: 'gateway',
  listener: 'https',
  /** GatewayClass and IngressClass. */
  class: 'traefik',
  /** Secret with the certificate of `*.DOMAIN`, in the gateway's namespace. */
  certificate: 'wildcard-tls',
  /** Secret with the local authority's key and certificate, and ConfigMap with its certificate alone, as `ca.crt`. */
  authority: 'authority',
} as const;

interface Definition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** The definitions of Gateway API, as objects. */
export function definitions(): readonly Definition[] {
  return gateway
    .read('gateway-api-v1.3.0.yaml')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Definition);
}
