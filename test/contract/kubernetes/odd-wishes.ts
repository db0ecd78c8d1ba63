import fc from 'fast-check';
import type { Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import { fence, ingress, service } from './odd-network.ts';
import {
  cpu,
  listOf,
  mapOf,
  memory,
  metadata,
  once,
  optional,
  record,
  selector,
  share,
  text,
  word,
} from './odd-parts.ts';
import { daemonSet, deployment, statefulSet } from './odd-workloads.ts';

/** Wishes of one kind in the forms in which people write them, and in which servers answer otherwise. */
export interface OddWishes {
  readonly apiVersion: string;
  readonly kind: string;
  /** Not in a namespace. */
  readonly wide?: true;
  readonly wishes: fc.Arbitrary<Want>;
}

const rules = listOf(
  record(
    {
      apiGroups: fc.constantFrom([''], ['apps', '']),
      resources: fc.constantFrom(['pods'], ['pods', 'services', 'pods']),
      verbs: fc.constantFrom(['get'], ['*'], ['get', 'list', 'get']),
      resourceNames: fc.constantFrom([], null, ['a']),
    },
    ['apiGroups', 'resources', 'verbs'],
  ),
);
const subjects = listOf(
  fc.constantFrom<unknown>(
    { kind: 'ServiceAccount', name: 'a', namespace: 'default' },
    { kind: 'ServiceAccount', name: 'a', namespace: 'default', apiGroup: '' },
    { kind: 'User', name: 'b' },
    { kind: 'Group', name: 'c', apiGroup: 'rbac.authorization.k8s.io' },
  ),
);
const roleRef = (kind: string) =>
  fc.constantFrom<unknown>({ kind, name: 'a' }, { kind, name: 'a', apiGroup: 'rbac.authorization.k8s.io' });

// The server takes no time of a Lease without its six digits.
const moment = fc.constantFrom('2026-01-02T03:04:05.000000Z', '2026-01-02T04:04:05.000001+01:00', null);
const spec = (of: fc.Arbitrary<unknown>) => record({ metadata, spec: of }, ['spec']);

/** Every kind that has a helper and that an API server knows by itself, and some that are written as plain objects. */
export const oddWishes: readonly OddWishes[] = [
  { apiVersion: 'v1', kind: 'Namespace', wide: true, wishes: record({ metadata, spec: fc.constantFrom({}, null) }) },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    wishes: record({
      metadata,
      data: mapOf(text),
      binaryData: mapOf(fc.constantFrom('', 'aGk=')),
      immutable: fc.constantFrom(false, null),
    }),
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    wishes: record({ metadata, stringData: mapOf(text), type: fc.constantFrom('Opaque', '') }),
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    wishes: record({ metadata, data: mapOf(fc.constantFrom('', 'aGk=')), immutable: fc.constant(false) }),
  },
  { apiVersion: 'v1', kind: 'Service', wishes: spec(service) },
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    wishes: record({
      metadata,
      automountServiceAccountToken: fc.constantFrom(false, true, null),
      imagePullSecrets: listOf(fc.record({ name: word }), 1),
      secrets: fc.constantFrom([], null),
    }),
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    wishes: spec(
      record(
        {
          accessModes: fc.constant(['ReadWriteOnce']),
          resources: fc.record({ requests: fc.record({ storage: memory }) }),
          storageClassName: fc.constantFrom('', 'a'),
          volumeMode: fc.constant('Filesystem'),
          selector: fc.constantFrom({}, null),
        },
        ['accessModes', 'resources'],
      ),
    ),
  },
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    wishes: spec(
      record(
        {
          hard: fc.record({ 'requests.cpu': cpu, 'limits.memory': memory, pods: fc.constantFrom<unknown>('10', 10) }),
          scopes: fc.constantFrom([], null),
        },
        ['hard'],
      ),
    ),
  },
  {
    apiVersion: 'v1',
    kind: 'LimitRange',
    wishes: spec(
      fc.record({
        limits: fc.array(
          record(
            {
              type: fc.constant('Container'),
              default: record({ cpu: fc.constantFrom<unknown>('1', '1000m', 1), memory }),
              max: fc.constantFrom({}, null),
            },
            ['type'],
          ),
          { minLength: 1, maxLength: 1 },
        ),
      }),
    ),
  },
  { apiVersion: 'apps/v1', kind: 'Deployment', wishes: spec(deployment) },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', wishes: spec(statefulSet) },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', wishes: spec(daemonSet) },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    wishes: spec(
      record({ template: once, backoffLimit: fc.constantFrom(0, 6), suspend: fc.constant(true) }, [
        'template',
        'suspend',
      ]),
    ),
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    wishes: spec(
      record(
        {
          schedule: fc.constant('0 3 * * *'),
          suspend: fc.constant(false),
          timeZone: fc.constantFrom('Etc/UTC', null),
          jobTemplate: once.map((job) => ({ spec: { template: job } })),
        },
        ['schedule', 'jobTemplate'],
      ),
    ),
  },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', wishes: record({ metadata, rules }) },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    wide: true,
    wishes: record({ metadata, rules, aggregationRule: fc.constant(null) }),
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    wishes: record({ metadata, roleRef: roleRef('Role'), subjects }, ['roleRef']),
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    wide: true,
    wishes: record({ metadata, roleRef: roleRef('ClusterRole'), subjects }, ['roleRef']),
  },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', wishes: spec(fence) },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', wishes: spec(ingress) },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    wide: true,
    wishes: record(
      {
        metadata,
        provisioner: fc.constant('a.test/b'),
        // Once there is an empty one, the server refuses every later write of it.
        parameters: optional(fc.dictionary(word, text, { minKeys: 1, maxKeys: 2 })),
        mountOptions: fc.constantFrom([], null),
        allowVolumeExpansion: fc.constant(false),
        volumeBindingMode: fc.constantFrom('Immediate', 'WaitForFirstConsumer'),
      },
      ['provisioner'],
    ),
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    wishes: spec(
      record(
        {
          scaleTargetRef: fc.constant({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }),
          minReplicas: fc.constantFrom(1, null),
          maxReplicas: fc.constant(3),
          metrics: listOf(
            fc.constantFrom<unknown>(
              { type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '1000m' } } },
              {
                type: 'Resource',
                resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 80 } },
              },
            ),
            1,
          ),
          behavior: fc.constantFrom({}, null),
        },
        ['scaleTargetRef', 'maxReplicas'],
      ),
    ),
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    wishes: spec(
      record({ maxUnavailable: share, selector: fc.constantFrom<unknown>(selector, {}, null) }, ['maxUnavailable']),
    ),
  },
  {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    wishes: spec(
      record({
        holderIdentity: fc.constantFrom('', 'a'),
        leaseDurationSeconds: fc.constant(60),
        acquireTime: moment,
        renewTime: moment,
      }),
    ),
  },
];
