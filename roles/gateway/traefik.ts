import { k8s, type VarsOf } from '@cairnhq/cairn';
import { unprivileged } from '../workload/confined.ts';
import { type gateway, names } from './index.ts';

type Vars = VarsOf<typeof gateway>;

const labels = { 'app.kubernetes.io/name': 'traefik' };

const read = ['get', 'list', 'watch'];
const gatewayKinds = ['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes'];

/** Traefik's account: it reads routes, certificates and endpoints everywhere, and writes nothing but their status. */
export function access({ namespace }: Vars) {
  const name = `cairn-${names.class}`;
  const account = k8s.serviceAccount({ name: names.class, namespace });
  const role = k8s.clusterRole({
    name,
    rules: [
      { apiGroups: [''], resources: ['services', 'secrets', 'configmaps', 'namespaces', 'nodes'], verbs: read },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
      { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: read },
      { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
      { apiGroups: ['gateway.networking.k8s.io'], resources: [...gatewayKinds, 'referencegrants'], verbs: read },
      {
        apiGroups: ['gateway.networking.k8s.io'],
        resources: gatewayKinds.map((kind) => `${kind}/status`),
        verbs: ['update'],
      },
    ],
  });
  const binding = k8s.clusterRoleBinding({
    name,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: names.class, namespace }],
  });
  return { account, role, binding };
}

const args = [
  '--entrypoints.web.address=:80',
  '--entrypoints.web.http.redirections.entrypoint.to=websecure',
  '--entrypoints.web.http.redirections.entrypoint.scheme=https',
  '--entrypoints.websecure.address=:443',
  '--entrypoints.websecure.asdefault=true',
  // without it a route from an Ingress would listen for plain HTTP there
  '--entrypoints.websecure.http.tls=true',
  // a large wheel over a slow line takes longer than the default minute; its size has no limit
  '--entrypoints.websecure.transport.respondingtimeouts.readtimeout=600s',
  '--entrypoints.ping.address=:8080',
  '--ping.entrypoint=ping',
  `--providers.kubernetesingress.ingressclass=${names.class}`,
  '--providers.kubernetesgateway=true',
  '--global.checknewversion=false',
  '--global.sendanonymoususage=false',
];

/** The proxy itself, on ports 80 and 443 of its node. */
export function proxy({ namespace, image }: Vars) {
  return k8s.deployment({
    name: names.class,
    namespace,
    labels,
    spec: {
      replicas: 1,
      // two can't hold the node's ports at once
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { ...pod, containers: [{ ...container, image }] } },
    },
  });
}

const pod = {
  serviceAccountName: names.class,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    seccompProfile: { type: 'RuntimeDefault' },
    // so that it needs neither root nor a capability for ports 80 and 443
    sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
  },
};

const container = {
  name: 'traefik',
  imagePullPolicy: 'IfNotPresent',
  args,
  ports: [
    { name: 'http', containerPort: 80, hostPort: 80 },
    { name: 'https', containerPort: 443, hostPort: 443 },
    { name: 'ping', containerPort: 8080 },
  ],
  readinessProbe: { httpGet: { path: '/ping', port: 'ping' }, periodSeconds: 1 },
  livenessProbe: { httpGet: { path: '/ping', port: 'ping' }, failureThreshold: 5 },
  resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  securityContext: unprivileged,
};
