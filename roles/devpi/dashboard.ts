import { k8s, keycloak, type Resource, type VarsOf } from '@cairnhq/cairn';
import type { gateway } from '../gateway/index.ts';
import { type oauth2Proxy, proxyObjects } from '../oauth2_proxy/index.ts';
import { groupPath, issuerOf, type sso } from '../sso/index.ts';
import { type devpi, names } from './index.ts';

/** What it takes to put the dashboard behind a login. */
export interface Vars {
  readonly devpi: VarsOf<typeof devpi>;
  readonly sso: VarsOf<typeof sso>;
  readonly gateway: VarsOf<typeof gateway>;
  readonly oauth2Proxy: VarsOf<typeof oauth2Proxy>;
}

/** Where Keycloak sends people back to. */
export function callbackUrl({ dashboardHost }: Pick<Vars['devpi'], 'dashboardHost'>): string {
  return `https://${dashboardHost}/oauth2/callback`;
}

/** The dashboard as a client of the realm; its secret, which Keycloak makes, goes into a Secret of ours and nowhere else. */
export function dashboardClient({
  devpi,
  sso: { realm },
}: Pick<Vars, 'devpi' | 'sso'>): Readonly<Record<string, Resource<unknown>>> {
  const { namespace, dashboardHost } = devpi;
  const clientId = names.client;
  const client = keycloak.client({
    realm,
    clientId,
    enabled: true,
    name: 'Dashboard of the Python index',
    rootUrl: `https://${dashboardHost}`,
    redirectUris: [callbackUrl(devpi)],
    webOrigins: [],
    publicClient: false,
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    frontchannelLogout: false,
    attributes: {
      'pkce.code.challenge.method': 'S256',
      'post.logout.redirect.uris': `https://${dashboardHost}/`,
    },
  });
  const tells = (name: string, protocolMapper: string, config: Readonly<Record<string, string>>) =>
    keycloak.protocolMapper({ realm, client: clientId, name, protocolMapper, config }, { after: [client] });
  const everywhere = { 'id.token.claim': 'true', 'access.token.claim': 'true', 'userinfo.token.claim': 'true' };
  return {
    client,
    audience: tells('audience', 'oidc-audience-mapper', {
      'included.client.audience': clientId,
      'access.token.claim': 'true',
    }),
    groups: tells('groups', 'oidc-group-membership-mapper', {
      'claim.name': 'groups',
      'full.path': 'true',
      ...everywhere,
    }),
    secret: k8s.secret({ namespace, name: names.clientSecret, data: { 'client-secret': client.out.secret } }),
  };
}

/** OAuth2 Proxy before devpi, for members of the realm's group, with its sessions in our Redis. */
export function dashboardProxy({
  devpi,
  sso,
  gateway,
  oauth2Proxy,
}: Vars): Readonly<Record<string, Resource<unknown>>> {
  const { namespace, dashboardHost: host } = devpi;
  const client = k8s.existing.secret({ namespace, name: names.clientSecret, keys: ['client-secret'] });
  const redis = k8s.existing.secret({ namespace, name: names.redis, keys: ['password'] });
  const proxy = proxyObjects(oauth2Proxy, {
    namespace,
    name: names.proxy,
    issuer: issuerOf(sso),
    clientId: names.client,
    clientSecret: client.out.data['client-secret'],
    host,
    upstream: `http://${names.server}.${namespace}:${names.port}`,
    group: groupPath(sso),
    redis: { address: `${names.redis}.${namespace}:6379`, password: redis.out.data.password },
    authorityIn: gateway.namespace,
  });
  return { client, redis, ...proxy };
}
