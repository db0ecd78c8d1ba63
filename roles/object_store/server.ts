import { k8s, type VarsOf } from '@cairnhq/cairn';
import { published } from '../image/published.ts';
import { asUser, unprivileged } from '../workload/confined.ts';
import { claimFor, singleServer } from '../workload/single-server.ts';
import { names, type objectStore } from './index.ts';

type Vars = VarsOf<typeof objectStore>;

const uid = 10005;

/** The store with its objects on a claim, and the login to it. */
export function server(vars: Vars) {
  const { namespace, storage, user } = vars;
  const login = k8s.secret({ namespace, name: names.login, data: { user, password: k8s.generated(24) } });
  const claim = claimFor(namespace, names.server, storage);
  // it takes its login at its start
  const annotations = k8s.restartWhen(login);
  const port = { name: 's3', number: names.port };
  const { deployment, service } = singleServer({ namespace, name: names.server, port, annotations, pod: pod(vars) });
  return { namespace: k8s.namespace({ name: namespace }), login, claim, deployment, service };
}

function pod({ image }: Vars) {
  const fromLogin = (key: string) => ({ secretKeyRef: { name: names.login, key } });
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: asUser(uid),
    containers: [
      {
        name: 'minio',
        image: image || published.minio.tag,
        imagePullPolicy: 'IfNotPresent',
        command: ['minio', 'server', '/data', '--address', `:${names.port}`],
        env: [
          { name: 'MINIO_ROOT_USER', valueFrom: fromLogin('user') },
          { name: 'MINIO_ROOT_PASSWORD', valueFrom: fromLogin('password') },
          { name: 'MINIO_BROWSER', value: 'off' },
          { name: 'MINIO_UPDATE', value: 'off' },
          { name: 'HOME', value: '/tmp' },
        ],
        ports: [{ name: 's3', containerPort: names.port }],
        readinessProbe: { httpGet: { path: '/minio/health/ready', port: 's3' }, periodSeconds: 1 },
        livenessProbe: { httpGet: { path: '/minio/health/live', port: 's3' }, periodSeconds: 20, failureThreshold: 6 },
        resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
        securityContext: unprivileged,
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: names.server } },
      { name: 'tmp', emptyDir: {} },
    ],
  };
}
