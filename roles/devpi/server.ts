import { k8s, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { asUser, unprivileged } from '../workload/confined.ts';
import { singleServer } from '../workload/single-server.ts';
import { type devpi, names } from './index.ts';

type Vars = VarsOf<typeof devpi>;

const uid = 10001;

/** devpi-server with its packages on the claim, right from its first start about where it is reached from outside. */
export function server(vars: Vars) {
  const { namespace } = vars;
  const root = k8s.secret({ namespace, name: names.root, data: { password: k8s.generated(24) } });
  const admin = k8s.secret({
    namespace,
    name: names.admin,
    data: { password: vars.adminPassword ?? k8s.generated(24) },
  });
  // the server takes root's password at its start
  const annotations = k8s.restartWhen(root);
  const port = { name: 'http', number: names.port };
  const { deployment, service } = singleServer({ namespace, name: names.server, port, annotations, pod: pod(vars) });
  return { root, admin, deployment, service };
}

function pod(vars: Vars) {
  const bundle = vars.caBundle === '' ? [] : [{ name: 'ca', hostPath: { path: vars.caBundle, type: 'File' } }];
  return {
    serviceAccountName: names.account,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: asUser(uid),
    containers: [container(vars)],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: names.claim } },
      { name: 'tmp', emptyDir: {} },
      { name: 'root', secret: { secretName: names.root, items: [{ key: 'password', path: 'password' }] } },
      ...bundle,
    ],
  };
}

function container({ image, apiHost, adminUser, caBundle }: Vars) {
  const probe = { httpGet: { path: '/+api', port: 'http' } };
  const bundle = '/etc/cairn/ca-bundle.crt';
  return {
    name: 'devpi',
    image: image || builtImage('devpi').tag,
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
