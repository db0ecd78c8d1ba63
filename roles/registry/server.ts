import { k8s, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { published } from '../image/published.ts';
import { asUser, unprivileged } from '../workload/confined.ts';
import { claimFor, singleServer } from '../workload/single-server.ts';
import { names, registry } from './index.ts';
import { dockerLogin, login } from './login.ts';

type Vars = VarsOf<typeof registry>;

const uid = 10004;

const settings = {
  version: 0.1,
  log: { level: 'warn' },
  storage: { filesystem: { rootdirectory: '/var/lib/registry' }, delete: { enabled: true } },
  // TLS ends at the gateway: what it answers with must not name its own port
  http: { addr: `:${names.port}`, relativeurls: true },
  auth: { htpasswd: { realm: 'registry', path: '/run/registry/htpasswd' } },
};

/** The registry with its images on a claim, and the login to it. */
export function server(vars: Vars) {
  const { namespace, storage } = vars;
  const secret = login(vars);
  const config = k8s.configMap({ namespace, name: names.server, data: { 'config.yml': JSON.stringify(settings) } });
  const claim = claimFor(namespace, names.server, storage);
  // both are read at its start
  const annotations = k8s.restartWhen(secret, config);
  const port = { name: 'http', number: names.port };
  const { deployment, service } = singleServer({ namespace, name: names.server, port, annotations, pod: pod(vars) });
  return {
    namespace: k8s.namespace({ name: namespace }),
    login: secret,
    pull: dockerLogin(vars, secret.out.data.password, { namespace, name: names.pull }),
    config,
    claim,
    deployment,
    service,
  };
}

function pod({ image, user }: Vars) {
  const probe = { httpGet: { path: '/', port: 'http' } };
  const hash = 'perl -e "$1" "$2" /run/secrets/registry/password > /run/registry/htpasswd';
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: asUser(uid),
    initContainers: [
      {
        name: 'htpasswd',
        image: builtImage('git').tag,
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', hash, 'htpasswd', registry.read('htpasswd.pl'), user],
        securityContext: unprivileged,
        volumeMounts: [
          { name: 'login', mountPath: '/run/secrets/registry', readOnly: true },
          { name: 'htpasswd', mountPath: '/run/registry' },
        ],
      },
    ],
    containers: [
      {
        name: 'registry',
        image: image || published.registry.tag,
        imagePullPolicy: 'IfNotPresent',
        command: ['registry', 'serve', '/etc/distribution/config.yml'],
        // the published image traces to a collector unless it is told that there is none
        env: [{ name: 'OTEL_TRACES_EXPORTER', value: 'none' }],
        ports: [{ name: 'http', containerPort: names.port }],
        readinessProbe: { ...probe, periodSeconds: 1 },
        livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 6 },
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '512Mi' } },
        securityContext: unprivileged,
        volumeMounts: [
          { name: 'data', mountPath: '/var/lib/registry' },
          { name: 'config', mountPath: '/etc/distribution', readOnly: true },
          { name: 'htpasswd', mountPath: '/run/registry', readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: names.server } },
      { name: 'config', configMap: { name: names.server } },
      { name: 'login', secret: { secretName: names.login, items: [{ key: 'password', path: 'password' }] } },
      { name: 'htpasswd', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    ],
  };
}
