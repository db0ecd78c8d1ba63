import { k8s, text, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { asUser, unprivileged } from '../workload/confined.ts';
import { claimFor, singleServer } from '../workload/single-server.ts';
import { names, type sso } from './index.ts';

type Vars = VarsOf<typeof sso>;

const uid = 10003;
const data = '/opt/keycloak/data';
const secrets = '/run/secrets/keycloak';

/** One Keycloak with its database in a file on a claim: what is in it outlives its pod. */
export function server(vars: Vars) {
  const { namespace, storage: size } = vars;
  const room = k8s.namespace({ name: namespace });
  const admin = k8s.secret({
    namespace,
    name: names.admin,
    data: { password: vars.adminPassword ?? k8s.generated(24) },
  });
  const settings = k8s.secret({
    namespace,
    name: names.settings,
    data: { 'keycloak.conf': text`${settingsOf(vars)}\nbootstrap-admin-password=${admin.out.data.password}\n` },
  });
  const claim = claimFor(namespace, names.claim, size);
  // it reads its file once, at its start
  const annotations = k8s.restartWhen(settings);
  const port = { name: 'http', number: names.port };
  const { deployment, service } = singleServer({ namespace, name: names.server, port, annotations, pod: pod(vars) });
  return { room, admin, settings, claim, deployment, service };
}

// TLS ends at the gateway, which says whence a request came. Whatever name it came by, tokens name this one.
function settingsOf({ url }: Vars): string {
  return [
    `hostname=${url}`,
    'http-enabled=true',
    // it is one
    'cache=local',
    'proxy-headers=xforwarded',
    'log-level=warn',
    'bootstrap-admin-username=admin',
  ].join('\n');
}

function pod({ image }: Vars) {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: asUser(uid),
    containers: [{ ...container, image: image || builtImage('keycloak').tag }],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: names.claim } },
      { name: 'settings', secret: { secretName: names.settings } },
      { name: 'tmp', emptyDir: {} },
    ],
  };
}

const health = (path: string) => ({ httpGet: { path, port: 'management' } });

const container = {
  name: 'keycloak',
  imagePullPolicy: 'IfNotPresent',
  args: [`--config-file=${secrets}/keycloak.conf`, 'start', '--optimized'],
  // a start costs more than it gains to compile for speed, on a server that few people use
  env: [{ name: 'JAVA_OPTS_KC_HEAP', value: '-Xms128m -Xmx512m -XX:TieredStopAtLevel=1' }],
  ports: [
    { name: 'http', containerPort: names.port },
    { name: 'management', containerPort: names.management },
  ],
  startupProbe: { ...health('/health/started'), periodSeconds: 1, failureThreshold: 240 },
  readinessProbe: { ...health('/health/ready'), periodSeconds: 5 },
  livenessProbe: { ...health('/health/live'), periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
  resources: { requests: { cpu: '100m', memory: '512Mi' }, limits: { memory: '1Gi' } },
  securityContext: unprivileged,
  volumeMounts: [
    { name: 'data', mountPath: data },
    { name: 'settings', mountPath: secrets, readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
  ],
};
