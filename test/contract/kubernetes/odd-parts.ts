import fc from 'fast-check';

/** Values in the forms in which people write them. */
export const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
export const text = fc.constantFrom(
  '',
  'on',
  '0123',
  '1e3',
  'null',
  'two\nlines\n',
  '2026-01-02',
  '2026-01-02T03:04:05Z',
  '1.0',
);
/** A field may be left out, empty or null: all three mean the same to some kinds and not to others. */
const none = fc.constantFrom(undefined, null);
export const mapOf = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.dictionary(word, value, { maxKeys: 2 }) }, { weight: 1, arbitrary: none });
export const listOf = <T>(value: fc.Arbitrary<T>, most = 2) =>
  fc.oneof({ weight: 4, arbitrary: fc.array(value, { maxLength: most }) }, { weight: 1, arbitrary: none });
export const optional = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: none });
export const record = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }, required: (keyof T)[] = []) =>
  fc.record(fields, { requiredKeys: required });

export const cpu = fc.constantFrom<unknown>('1', '1000m', '0.5', '500m', '.5', 1, 0.5, '1e0', '0', '250m');
export const memory = fc.constantFrom<unknown>(
  '1Gi',
  '1024Mi',
  '1073741824',
  1073741824,
  '1G',
  '1000M',
  '128974848',
  '1e9',
  '0.5Gi',
);
const resources = optional(
  record({ requests: optional(record({ cpu, memory })), limits: optional(record({ 'ephemeral-storage': memory })) }),
);
export const protocol = fc.constantFrom('TCP', 'UDP', undefined, undefined);
export const number = fc.integer({ min: 80, max: 82 });
const labels = mapOf(word);
export const metadata = optional(record({ labels, annotations: mapOf(text) }));
export const selector = { matchLabels: { app: 'web' } };

const distinct = <T extends { readonly name: string }>(items: fc.Arbitrary<T>, least = 0) =>
  fc.uniqueArray(items, { minLength: least, maxLength: 3, selector: ({ name }) => name });

const container = record(
  {
    name: word,
    image: fc.constantFrom('web', 'web:1', 'registry.test/web@sha256:0f0f'),
    imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent'),
    args: listOf(text),
    env: optional(distinct(record({ name: word, value: text }, ['name']))),
    ports: optional(
      fc
        .uniqueArray(record({ containerPort: number, protocol, hostPort: fc.constant(0) }, ['containerPort']), {
          maxLength: 3,
          selector: ({ containerPort, protocol: spoken = 'TCP' }) => `${containerPort}/${spoken}`,
        })
        .map((ports) => ports.map((port) => withoutUndefined(port))),
    ),
    resources,
    securityContext: optional(record({ privileged: fc.constant(false), runAsUser: fc.constant(0) })),
    livenessProbe: optional(
      record(
        {
          httpGet: fc.record({ path: fc.constantFrom('/', ''), port: fc.constantFrom<unknown>(80, 'http') }),
          periodSeconds: fc.constantFrom(0, 10, 5),
          initialDelaySeconds: fc.constant(0),
        },
        ['httpGet'],
      ),
    ),
    stdin: fc.constant(false),
  },
  ['name', 'image'],
);

const pod = record(
  {
    containers: distinct(container, 1),
    restartPolicy: fc.constant('Always'),
    terminationGracePeriodSeconds: fc.constantFrom(0, 30),
    nodeSelector: mapOf(word),
    tolerations: listOf(
      record({ key: word, operator: fc.constant('Exists'), effect: fc.constant('') }, ['key', 'operator']),
    ),
    volumes: optional(
      distinct(
        fc.oneof(
          fc.record({ name: word, emptyDir: fc.constantFrom<unknown>({}, { sizeLimit: '1024Mi' }, { sizeLimit: 0 }) }),
          fc.record({ name: word, configMap: record({ name: word, defaultMode: fc.constantFrom(420, 0) }, ['name']) }),
          fc.record({ name: word, secret: record({ secretName: word, optional: fc.constant(false) }, ['secretName']) }),
        ),
      ),
    ),
    securityContext: optional(fc.constant({})),
    hostNetwork: fc.constant(false),
    serviceAccountName: fc.constantFrom('', 'default'),
    affinity: fc.constantFrom({}, null),
    initContainers: fc.constantFrom([], null),
  },
  ['containers'],
);
export const template = pod.map((spec) => ({ metadata: { labels: { app: 'web' }, annotations: null }, spec }));
export const once = pod.map((spec) => ({ metadata: {}, spec: { ...spec, restartPolicy: 'Never' } }));
export const share = fc.constantFrom<unknown>('25%', 1, '50%');

export function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
