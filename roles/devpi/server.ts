import { k8s, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { asUser, unprivileged } from '../workload/confined.ts';
import { serverSpecs, singleServer } from '../workload/single-server.ts';
import { type devpi, names } from './index.ts';

type Vars = VarsOf<typeof devpi>;

const uid = 10001;
const port = { name: 'http', number: names.port };

/** The passwords of root and of whoever may upload; what the packages are kept for outlives any server. */
export function passwords({ namespace, adminPassword }: Vars) {
  const root = k8s.secret({ namespace, name: names.root, data: { password: k8s.generated(24) } });
  const admin = k8s.secret({ namespace, name: names.admin, data: { password: adminPassword ?? k8s.generated(24) } });
  return { root, admin };
}

/** Root's password, which the server takes at its start: another one is another start. */
export function rootPassword({ namespace }: Vars) {
  const root = k8s.existing.secret({ namespace, name: names.root, keys: ['password'] });
  return { root, annotations: k8s.restartWhen(root) };
}

/** devpi-server with its packages on the claim, right from its first start about where it is reached from outside. */
export function server(vars: Vars) {
  const { root, annotations } = rootPassword(vars);
  const { namespace, image } = vars;
  const whole = pod(vars, image || builtImage('devpi').tag);
  return { root, ...singleServer({ namespace, name: names.server, port, annotations, pod: whole }) };
}

/** The same as data, with `image` and with that Secret to pull it by, for Argo CD. */
export function deliveredServer<A>(vars: Vars, image: string, annotations: A) {
  const { namespace } = vars;
  const whole = { ...pod(vars, image), imagePullSecrets: [{ name: names.pull }] };
  return serverSpecs({ namespace, name: names.server, port, annotations, pod: whole });
}

function pod(vars: Vars, image: string) {
  const bundle = vars.caBundle === '' ? [] : [{ name: 'ca', hostPath: { path: vars.caBundle, type: 'File' } }];
  return {
    serviceAccountName: names.account,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: asUser(uid),
    containers: [container(vars, image)],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: names.claim } },
      { name: 'tmp', emptyDir: {} },
      { name: 'root', secret: { secretName: names.root, items: [{ key: 'password', path: 'password' }] } },
      ...bundle,
    ],
  };
}

function container({ apiHost, adminUser, caBundle }: Vars, image: string) {
  const probe = { httpGet: { path: '/+api', port: 'http' } };
  const bundle = '/etc/cairn/ca-bundle.crt';
  return {
    name: 'devpi',
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['--outside-url', `https://${apiHost}`, '--restrict-modify', `root,${adminUser}`],
    ports: [{ name: 'http', containerPort: names.port }],
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { ...probe, periodSeconds: 5 },
    livenessProbe: { ...probe, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    resources: { requests: { cpu: '100m', memory: '192Mi' }, limits: { memory: '1Gi' } },
    securityContext: unprivileged,
    ...(caBundle === '' ? {} : { env: [{ name: 'REQUESTS_CA_BUNDLE', value: bundle }] }),
    volumeMounts: [
      { name: 'data', mountPath: '/data' },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'root', mountPath: '/run/secrets/devpi', readOnly: true },
      ...(caBundle === '' ? [] : [{ name: 'ca', mountPath: bundle, readOnly: true }]),
    ],
  };
}
