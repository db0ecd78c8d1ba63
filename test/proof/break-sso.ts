import { type Break, breakOf, type Wreck } from './break.ts';
import { admin, gone, heard, patch, scaleToNothing } from './wreck.ts';
import {
  changeClient,
  changeRealm,
  deleteClient,
  deleteGroup,
  deleteMapper,
  forgetNames,
  resetProxy,
  rotateSecret,
} from './wreck-sso.ts';

type Described = readonly [name: string, wreck: Wreck];

const nobody = { spec: { selector: { 'app.kubernetes.io/name': 'nobody' } } };
const elsewhere = 'https://elsewhere.example.org/oauth2/callback';
const backend = (name: string, port: number) => [
  { op: 'replace', path: '/spec/rules/0/backendRefs/0', value: { name, port } },
];

async function reroute(route: string, value: unknown, type?: string): Promise<void> {
  await patch('devpi', `httproute/${route}`, value, type);
  await heard();
}

/** For what only a later step shows. */
const both = 'devpi/50,80';

const proxyWith = (change: Readonly<Record<string, unknown>>, only = 'devpi/50'): Wreck => ({
  break: () => resetProxy(change),
  only,
});

const platform: Readonly<Record<string, readonly Described[]>> = {
  'platform/35_names_inside': [["the cluster's DNS has forgotten the names", { break: forgetNames }]],
  'platform/50_keycloak': [
    ['Keycloak is scaled to 0', { break: () => scaleToNothing('keycloak', 'keycloak') }],
    [
      "Keycloak's route is for another name",
      {
        async break() {
          await patch('keycloak', 'httproute/keycloak', { spec: { hostnames: ['other.cairn.localhost'] } });
          await heard();
        },
      },
    ],
  ],
  'platform/55_realm': [
    ['the realm is switched off', { break: () => changeRealm({ enabled: false }) }],
    ['anybody may register in the realm', { break: () => changeRealm({ registrationAllowed: true }) }],
    ['the group of those who may come in is gone', { break: () => deleteGroup('/people') }],
  ],
};

const devpi: Readonly<Record<string, readonly Described[]>> = {
  'devpi/40_keycloak_client': [
    ['a foreign redirect URL is let in', { break: () => changeClient({ redirectUris: [elsewhere] }) }],
    ['every redirect URL is let in', { break: () => changeClient({ redirectUris: ['*'] }) }],
    ['the client asks for no secret', { break: () => changeClient({ publicClient: true }) }],
    ['the client is switched off', { break: () => changeClient({ enabled: false }) }],
    ['Keycloak has another secret than the cluster', { break: rotateSecret }],
    ['the client is deleted', { break: deleteClient }],
    ['tokens no longer name the groups', { break: () => deleteMapper('groups') }],
    ['tokens no longer name their audience', { break: () => deleteMapper('audience') }],
  ],
  'devpi/50_oauth2_proxy': [
    ['OAuth2 Proxy is scaled to 0', { break: () => scaleToNothing('devpi', 'oauth2-proxy') }],
    [
      'OAuth2 Proxy is deleted',
      {
        async break() {
          await admin('-n', 'devpi', 'delete', 'deployment/oauth2-proxy');
          await gone('devpi', 'oauth2-proxy');
        },
      },
    ],
    ["OAuth2 Proxy's Service selects nobody", { break: () => patch('devpi', 'service/oauth2-proxy', nobody) }],
    [
      'OAuth2 Proxy sends people to another realm',
      proxyWith({ oidc_issuer_url: 'https://keycloak.cairn.localhost/realms/master' }),
    ],
    ['OAuth2 Proxy wants them back elsewhere', proxyWith({ redirect_url: elsewhere })],
    ['OAuth2 Proxy has a wrong client secret', proxyWith({ client_secret: 'another' })],
    ['sessions are kept in cookies', proxyWith({ session_store_type: 'cookie' })],
  ],
  'devpi/80_ingress': [
    ['cookies are for another domain', proxyWith({ cookie_domains: ['.example.org'] }, both)],
    ['cookies travel without TLS', proxyWith({ cookie_secure: false }, both)],
    ['scripts may read the cookies', proxyWith({ cookie_httponly: false }, both)],
    ['everybody of the realm may come in', proxyWith({ allowed_groups: undefined }, both)],
    ['a part of the dashboard needs no login', proxyWith({ skip_auth_routes: ['^/root'] }, both)],
    [
      'the dashboard host leads past the login',
      { break: () => reroute('devpi-dashboard', backend('devpi', 3141), 'json') },
    ],
    ['the API host is behind the login', { break: () => reroute('devpi-api', backend('oauth2-proxy', 4180), 'json') }],
    [
      'the dashboard host has no route',
      {
        async break() {
          await admin('-n', 'devpi', 'delete', 'httproute/devpi-dashboard');
          await heard();
        },
      },
    ],
    [
      'the pages of the dashboard lead to the API host',
      { break: () => reroute('devpi-dashboard', [{ op: 'remove', path: '/spec/rules/0/filters' }], 'json') },
    ],
  ],
};

function breaksOf(playbook: string, steps: Readonly<Record<string, readonly Described[]>>): readonly Break[] {
  return Object.entries(steps).flatMap(([step, described]) =>
    described.map(([name, wreck]) => breakOf(playbook, step, name, wreck)),
  );
}

/** What can go wrong with the login. */
export const ssoBreaks: readonly Break[] = [...breaksOf('platform', platform), ...breaksOf('devpi', devpi)];
