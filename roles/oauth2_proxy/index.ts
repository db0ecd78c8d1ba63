import { type Deferred, derive, k8s, role, type Secret, T, type VarsOf } from '@cairnhq/cairn';
import { signer } from '../gateway/authority.ts';
import { published } from '../image/published.ts';
import { unprivileged } from '../workload/confined.ts';

/** OAuth2 Proxy: nobody comes through to what stands behind it without a login. */
export const oauth2Proxy = role(import.meta, {
  /** Empty: the one that steps/images provides. */
  image: T.String(),
  /** Which names get the session's cookie. */
  cookieDomain: T.String({ pattern: '^\\.[a-z0-9.-]+$' }),
});

/** The name of the session's cookie. */
export const cookieName = '_oauth2_proxy';
/** Where the proxy listens. */
export const port = 4180;

const trust = '/run/cairn/ca.crt';
const secrets = '/run/secrets/oauth2-proxy';

type Vars = VarsOf<typeof oauth2Proxy>;

export interface ProxySpec {
  readonly namespace: string;
  /** Of everything. */
  readonly name: string;
  /** As tokens name their origin. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Deferred<Secret>;
  /** The name by which browsers know what stands behind the proxy. */
  readonly host: string;
  /** URL of what stands behind it. */
  readonly upstream: string;
  /** Path of the group whose members may come in. */
  readonly group: string;
  readonly redis: { readonly address: string; readonly password: Deferred<Secret> };
  /** Namespace of the local authority, if there is one. */
  readonly authorityIn: string;
}

/** The proxy with its cookie secret, which is made once and kept, and sessions in Redis. */
export function proxyObjects(vars: Vars, spec: ProxySpec) {
  const { namespace, name, authorityIn } = spec;
  const labels = { 'app.kubernetes.io/name': name };
  const signedBy = signer({ namespace: authorityIn });
  const { certificate } = signedBy.out;
  const cookie = k8s.secret({ namespace, name: `${name}-cookie`, data: { secret: k8s.generated(32) } });
  const trusted = k8s.configMap({ namespace, name: `${name}-trust`, data: { 'ca.crt': certificate } });
  const settings = k8s.secret({
    namespace,
    name,
    data: {
      'oauth2-proxy.cfg': derive(
        [cookie.out.data.secret, spec.clientSecret, spec.redis.password, certificate],
        (cookieSecret, clientSecret, redisPassword, ca) =>
          settingsOf(vars, spec, { cookieSecret, clientSecret, redisPassword, isSigned: ca !== '' }),
      ),
    },
  });
  // it reads both once, at its start
  const annotations = k8s.restartWhen(settings, trusted);
  const deployment = k8s.deployment({
    namespace,
    name,
    labels,
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: pod(vars, name) },
    },
  });
  const service = k8s.service({
    namespace,
    name,
    labels,
    spec: { selector: labels, ports: [{ name: 'http', port, targetPort: 'http' }] },
  });
  return { signer: signedBy, cookie, trusted, settings, deployment, service };
}

interface Known {
  readonly cookieSecret: string;
  readonly clientSecret: string;
  readonly redisPassword: string;
  readonly isSigned: boolean;
}

function settingsOf({ cookieDomain }: Vars, spec: ProxySpec, known: Known): string {
  const settings = {
    http_address: `0.0.0.0:${port}`,
    reverse_proxy: true,
    provider: 'keycloak-oidc',
    oidc_issuer_url: spec.issuer,
    ...(known.isSigned ? { provider_ca_files: [trust] } : {}),
    client_id: spec.clientId,
    client_secret: known.clientSecret,
    redirect_url: `https://${spec.host}/oauth2/callback`,
    code_challenge_method: 'S256',
    scope: 'openid email profile',
    // who is in the group may come in, whatever their address
    email_domains: ['*'],
    allowed_groups: [spec.group],
    // the login page at once, without a page that leads to it
    skip_provider_button: true,
    // who signs out here is signed out there
    backend_logout_url: `${spec.issuer}/protocol/openid-connect/logout?id_token_hint={id_token}`,
    cookie_name: cookieName,
    cookie_secret: known.cookieSecret,
    cookie_domains: [cookieDomain],
    cookie_secure: true,
    cookie_httponly: true,
    cookie_samesite: 'none',
    cookie_expire: '12h',
    session_store_type: 'redis',
    redis_connection_url: `redis://${spec.redis.address}`,
    redis_password: known.redisPassword,
    upstreams: [spec.upstream],
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join('');
}

function pod({ image }: Vars, name: string) {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [{ ...container, image: image || published.oauth2Proxy.tag }],
    volumes: [
      { name: 'settings', secret: { secretName: name } },
      { name: 'trust', configMap: { name: `${name}-trust` } },
    ],
  };
}

const container = {
  name: 'oauth2-proxy',
  imagePullPolicy: 'IfNotPresent',
  args: [`--config=${secrets}/oauth2-proxy.cfg`],
  ports: [{ name: 'http', containerPort: port }],
  // ready means that its sessions are, too
  readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 1 },
  livenessProbe: { httpGet: { path: '/ping', port: 'http' }, periodSeconds: 20, failureThreshold: 6 },
  resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  securityContext: unprivileged,
  volumeMounts: [
    { name: 'settings', mountPath: secrets, readOnly: true },
    { name: 'trust', mountPath: '/run/cairn', readOnly: true },
  ],
};
