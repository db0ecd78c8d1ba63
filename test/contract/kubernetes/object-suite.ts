import { isObject, type Mutable, objectAt } from '../../../src/connect/fake/kube-json.ts';
import type { ObjectRef } from '../../../src/model/kube.ts';
import { Secret } from '../../../src/model/secret.ts';
import type { Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import type { Live } from '../../../src/resources/kubernetes/live.ts';
import { objectType } from '../../../src/resources/kubernetes/object.ts';
import type { ObjectOut } from '../../../src/resources/kubernetes/out.ts';
import { contractSuite, type Subject } from '../suite.ts';
import type { KubeWorld, Server } from './world.ts';

type ObjectSubject = Subject<'kubernetes', KubeWorld, ObjectRef, Want, Live, ObjectOut>;
type Shape = Pick<ObjectSubject, 'want' | 'secret'> & {
  readonly ref: Omit<ObjectRef, 'namespace'>;
  readonly drifts: Readonly<Record<string, (object: Mutable) => void>>;
  readonly older: (object: Mutable) => void;
};

const container = (object: Mutable): Mutable => {
  const spec = objectAt(objectAt(objectAt(object, 'spec'), 'template'), 'spec');
  const first: unknown = Array.isArray(spec.containers) ? spec.containers[0] : undefined;
  if (!isObject(first)) throw new Error('no container');
  return first;
};

const shapes: readonly Shape[] = [
  {
    ref: { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' },
    want: { metadata: { labels: { app: 'redis' } }, data: { mode: 'fast', 'redis.conf': 'save ""\nmaxmemory 1gb\n' } },
    drifts: {
      'data.mode': (object) => {
        objectAt(object, 'data').mode = 'slow';
      },
      'data[redis.conf]': (object) => {
        delete objectAt(object, 'data')['redis.conf'];
      },
      'metadata.labels.app': (object) => {
        objectAt(objectAt(object, 'metadata'), 'labels').app = 'other';
      },
    },
    older: (object) => {
      object.data = { mode: 'old', extra: 'theirs' };
      objectAt(object, 'metadata').annotations = { team: 'blue' };
    },
  },
  {
    ref: { apiVersion: 'v1', kind: 'Secret', name: 'password' },
    want: { stringData: { password: new Secret('correct horse'), user: 'redis' } },
    drifts: {
      'data.password': (object) => {
        objectAt(object, 'data').password = Buffer.from('guessed it').toString('base64');
      },
    },
    older: (object) => {
      object.data = { password: Buffer.from('canary-before').toString('base64') };
    },
    secret: { want: { stringData: { password: new Secret('canary-in-coal-mine') } }, canary: 'canary-in-coal-mine' },
  },
  {
    ref: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'redis' },
    want: {
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'redis' } },
        template: {
          metadata: { labels: { app: 'redis' } },
          spec: {
            containers: [
              {
                name: 'redis',
                image: 'redis:7.2',
                ports: [{ containerPort: 6379 }],
                env: [{ name: 'PASSWORD', value: new Secret('deployed-by-env') }],
                resources: { limits: { memory: '64Mi' } },
              },
            ],
          },
        },
      },
    },
    drifts: {
      'spec.template.spec.containers[redis].image': (object) => {
        container(object).image = 'redis:7.0';
      },
      'spec.replicas': (object) => {
        objectAt(object, 'spec').replicas = 3;
      },
      'spec.template.spec.containers[redis].env[PASSWORD].value': (object) => {
        container(object).env = [{ name: 'PASSWORD', value: 'other' }];
      },
    },
    older: (object) => {
      object.spec = {
        replicas: 2,
        selector: { matchLabels: { app: 'redis' } },
        template: {
          metadata: { labels: { app: 'redis' } },
          spec: { containers: [{ name: 'redis', image: 'redis:6' }] },
        },
      };
    },
  },
  {
    ref: { apiVersion: 'v1', kind: 'Service', name: 'redis' },
    want: { spec: { selector: { app: 'redis' }, ports: [{ name: 'redis', port: 6379 }] } },
    drifts: {
      'spec.selector.app': (object) => {
        objectAt(object, 'spec').selector = { app: 'nobody' };
      },
      'spec.ports[6379/TCP].name': (object) => {
        const ports = objectAt(object, 'spec').ports;
        if (Array.isArray(ports) && isObject(ports[0])) ports[0].name = 'other';
      },
    },
    older: (object) => {
      object.spec = { selector: { app: 'old' }, ports: [{ name: 'old', port: 6379 }] };
    },
  },
];

/** Objects of several kinds, each through the suite that every type passes. */
export function objectSuite(server: Server): void {
  for (const shape of shapes) contractSuite(subjectOf(shape, server));
}

function subjectOf({ ref, want, secret, drifts, older }: Shape, server: Server): ObjectSubject {
  const id = ({ namespace }: KubeWorld): ObjectRef => ({ ...ref, namespace });
  const hands = (change: (object: Mutable) => void) => async (world: KubeWorld) => {
    await world.edit(id(world), 'kubectl-edit', (object) => {
      change(object);
      return object;
    });
  };
  return {
    name: `${ref.kind} on ${server.name}`,
    type: objectType,
    open: () => server.open(),
    id,
    want,
    ...(secret ? { secret } : {}),
    drifts: Object.fromEntries(Object.entries(drifts).map(([path, change]) => [path, hands(change)])),
    older: hands(older),
    snapshot: (world) => world.snapshot(),
    unreadable: { 'when the server forbids it': (world) => world.forbid(id(world)) },
  };
}
