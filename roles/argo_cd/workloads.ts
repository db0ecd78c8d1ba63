import { type Input, k8s, type VarsOf } from '@cairnhq/cairn';
import { assembledImage } from '../image/assembled.ts';
import { unprivileged } from '../workload/confined.ts';
import { type argoCd, names, partOf } from './index.ts';

type Vars = VarsOf<typeof argoCd>;

const own = (name: string) => ({ 'app.kubernetes.io/name': name });
const container = (image: string) => ({
  image: image || assembledImage('argo-cd').tag,
  imagePullPolicy: 'IfNotPresent',
});

const podContext = {
  runAsNonRoot: true,
  runAsUser: 999,
  runAsGroup: 999,
  fsGroup: 999,
  seccompProfile: { type: 'RuntimeDefault' },
};

const redisPassword = { name: 'REDIS_PASSWORD', valueFrom: { secretKeyRef: { name: names.cache, key: 'password' } } };

// A value of a ConfigMap, which need not be there.
const setting = (name: string, key: string, map: string = names.settings) => ({
  name,
  valueFrom: { configMapKeyRef: { name: map, key, optional: true } },
});

const shared = [
  redisPassword,
  setting('REDIS_SERVER', 'redis.server', names.parameters),
  setting('ARGOCD_RECONCILIATION_TIMEOUT', 'timeout.reconciliation'),
];

const emptyDir = (name: string) => ({ name, emptyDir: {} });
const configMap = (name: string, map: string) => ({ name, configMap: { name: map } });

/** What compares repositories with the cluster, and makes them alike. */
export function applicationController(
  { namespace, image }: Vars,
  annotations: Readonly<Record<string, Input<string>>>,
) {
  const name = names.controller;
  const healthy = { httpGet: { path: '/healthz', port: 'metrics' } };
  const main = {
    name: 'controller',
    ...container(image),
    command: ['argocd-application-controller'],
    env: [
      ...shared,
      setting('ARGOCD_RECONCILIATION_JITTER', 'timeout.reconciliation.jitter'),
      { name: 'ARGOCD_CONTROLLER_REPLICAS', value: '1' },
      { name: 'KUBECACHEDIR', value: '/tmp/kubecache' },
      // else it waits three times as long before each healing that follows on another, up to five minutes
      { name: 'ARGOCD_APPLICATION_CONTROLLER_SELF_HEAL_BACKOFF_CAP_SECONDS', value: '10' },
    ],
    ports: [{ name: 'metrics', containerPort: 8082 }],
    readinessProbe: { ...healthy, periodSeconds: 1 },
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } },
    securityContext: unprivileged,
    volumeMounts: [
      { name: 'home', mountPath: '/home/argocd' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  const pod = {
    serviceAccountName: name,
    enableServiceLinks: false,
    securityContext: podContext,
    containers: [main],
    volumes: [emptyDir('home'), emptyDir('tmp')],
  };
  // a set: it knows by its own number for which clusters it works
  return k8s.statefulSet({
    namespace,
    name,
    labels: { ...partOf, ...own(name) },
    spec: {
      serviceName: name,
      replicas: 1,
      selector: { matchLabels: own(name) },
      template: { metadata: { labels: own(name), annotations }, spec: pod },
    },
  });
}

/** What fetches repositories, and renders what is in them. */
export function repoServer({ namespace, image }: Vars, annotations: Readonly<Record<string, Input<string>>>) {
  const name = names.repositories;
  const healthy = { httpGet: { path: '/healthz', port: 'metrics' } };
  const main = {
    name: 'repo-server',
    ...container(image),
    command: ['tini', '--', 'argocd-repo-server'],
    env: [
      ...shared,
      ...['HELM_CACHE_HOME', 'HELM_CONFIG_HOME', 'HELM_DATA_HOME'].map((key) => ({ name: key, value: '/tmp/helm' })),
    ],
    ports: [
      { name: 'server', containerPort: 8081 },
      { name: 'metrics', containerPort: 8084 },
    ],
    readinessProbe: { ...healthy, periodSeconds: 1 },
    livenessProbe: { ...healthy, periodSeconds: 30, timeoutSeconds: 5 },
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '1Gi' } },
    securityContext: unprivileged,
    volumeMounts: [
      { name: 'ssh-known-hosts', mountPath: '/app/config/ssh' },
      { name: 'tls-certs', mountPath: '/app/config/tls' },
      { name: 'gpg-keys', mountPath: '/app/config/gpg/source' },
      { name: 'gpg-keyring', mountPath: '/app/config/gpg/keys' },
      { name: 'plugins', mountPath: '/home/argocd/cmp-server/plugins' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  const pod = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podContext,
    containers: [main],
    volumes: [
      configMap('ssh-known-hosts', names.knownHosts),
      configMap('tls-certs', names.authorities),
      configMap('gpg-keys', names.gpgKeys),
      ...['gpg-keyring', 'plugins', 'tmp'].map(emptyDir),
    ],
  };
  const deployment = k8s.deployment({
    namespace,
    name,
    labels: { ...partOf, ...own(name) },
    spec: {
      replicas: 1,
      selector: { matchLabels: own(name) },
      template: { metadata: { labels: own(name), annotations }, spec: pod },
    },
  });
  const service = k8s.service({
    namespace,
    name,
    labels: { ...partOf, ...own(name) },
    spec: { selector: own(name), ports: [{ name: 'server', port: 8081, targetPort: 'server' }] },
  });
  return { deployment, service };
}
