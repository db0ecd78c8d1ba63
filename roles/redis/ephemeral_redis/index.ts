import { k8s, role, T, text, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../../image/index.ts';
import { unprivileged } from '../../workload/confined.ts';
import { labelsOf, singleServer } from '../../workload/single-server.ts';

/** Redis that keeps nothing: sessions and the like, gone with its pod. */
export const ephemeralRedis = role(import.meta, {
  /** Empty: the one that steps/images builds. */
  image: T.String(),
  /** Where it begins to drop the keys that were not used for longest. */
  memory: T.String({ pattern: '^[0-9]+Mi$' }),
});

export interface RedisSpec {
  readonly namespace: string;
  /** Of everything; clients find it as `NAME.NAMESPACE:6379`, and its password in the Secret NAME. */
  readonly name: string;
}

const port = 6379;

type Vars = VarsOf<typeof ephemeralRedis>;

/** Redis with a password of its own, kept once it is made, and a fence that admits pods of the namespace alone. */
export function redisObjects(vars: Vars, { namespace, name }: RedisSpec) {
  const labels = labelsOf(name);
  const login = k8s.secret({ namespace, name, data: { password: k8s.generated(24) } });
  const { password } = login.out.data;
  const conf = text`${redisConf(vars.memory)}\nrequirepass ${password}\n`;
  const settings = k8s.secret({ namespace, name: `${name}-settings`, data: { 'redis.conf': conf } });
  // Redis reads its file once, at its start
  const annotations = k8s.restartWhen(settings);
  const { deployment, service } = singleServer({
    namespace,
    name,
    port: { name: 'redis', number: port },
    annotations,
    pod: pod(vars, `${name}-settings`),
  });
  const fence = k8s.networkPolicy({
    namespace,
    name,
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: {} }], ports: [{ port }] }],
    },
  });
  return { login, settings, deployment, service, fence };
}

function redisConf(memory: string): string {
  return [
    'bind * -::*',
    `port ${port}`,
    'dir /tmp',
    'save ""',
    'appendonly no',
    `maxmemory ${memory.replace('Mi', 'mb')}`,
    'maxmemory-policy allkeys-lru',
  ].join('\n');
}

function pod({ image, memory }: Vars, secretName: string) {
  const limit = `${2 * Number.parseInt(memory, 10) + 32}Mi`;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10002,
      fsGroup: 10002,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'redis',
        image: image || builtImage('redis').tag,
        imagePullPolicy: 'IfNotPresent',
        ports: [{ name: 'redis', containerPort: port }],
        readinessProbe: { tcpSocket: { port: 'redis' }, periodSeconds: 1 },
        resources: { requests: { cpu: '20m', memory }, limits: { memory: limit } },
        securityContext: unprivileged,
        volumeMounts: [
          { name: 'settings', mountPath: '/run/secrets/redis', readOnly: true },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'settings', secret: { secretName, items: [{ key: 'redis.conf', path: 'redis.conf' }] } },
      { name: 'tmp', emptyDir: { sizeLimit: '16Mi' } },
    ],
  };
}
