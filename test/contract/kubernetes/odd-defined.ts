import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { ApiServer } from '../../rig/apiserver.ts';
import { listOf, mapOf, metadata, optional, record, text, word } from './odd-parts.ts';
import type { OddWishes } from './odd-wishes.ts';

const definitions = join(import.meta.dirname, '../../../roles/gateway/files/gateway-api-v1.3.0.yaml');
const gatewayApi = 'gateway.networking.k8s.io/v1';
const spec = (of: fc.Arbitrary<unknown>) => record({ metadata, spec: of }, ['spec']);

const host = fc.constantFrom('a.test', '*.b.test');
const group = fc.constantFrom('gateway.networking.k8s.io', undefined);
const parent = record({ name: word, namespace: word, sectionName: word, port: fc.constant(80) }, ['name']);
const backend = record(
  { name: word, port: fc.constant(80), weight: fc.constantFrom(0, 1), kind: fc.constant('Service') },
  ['name', 'port'],
);
const header = record({ name: word, value: word }, ['name', 'value']);
const headers = fc.uniqueArray(header, { maxLength: 2, selector: ({ name }) => name });
const filter = fc.record({
  type: fc.constant('RequestHeaderModifier'),
  requestHeaderModifier: record({ set: headers, remove: fc.uniqueArray(word, { maxLength: 2 }) }),
});
const path = record({ type: fc.constantFrom('PathPrefix', 'Exact'), value: fc.constantFrom('/', '/a') });
const routeRule = (match: fc.Arbitrary<unknown>) =>
  record({
    matches: listOf(match, 1),
    filters: listOf(filter, 1),
    backendRefs: listOf(backend),
  });

const listener = fc.record({
  name: fc.constant('web'),
  port: fc.constant(80),
  protocol: fc.constant('HTTP'),
  ...{ hostname: host },
});

/** Kinds of definitions: their servers fill in what the schema says, and know nothing of Go's empty values. */
export const oddDefined: readonly OddWishes[] = [
  {
    apiVersion: gatewayApi,
    kind: 'GatewayClass',
    wide: true,
    wishes: spec(
      record(
        {
          controllerName: fc.constant('a.test/b'),
          description: fc.constantFrom('', 'one'),
          parametersRef: fc.constant({ group: 'a.test', kind: 'B', name: 'c' }),
        },
        ['controllerName'],
      ),
    ),
  },
  {
    apiVersion: gatewayApi,
    kind: 'Gateway',
    wishes: spec(
      record(
        {
          gatewayClassName: word,
          listeners: fc
            .tuple(listener, optional(fc.constant({ namespaces: { from: 'Same' } })))
            .map(([one, allowedRoutes]) => [allowedRoutes ? { ...one, allowedRoutes } : one]),
          addresses: listOf(fc.constant({ type: 'IPAddress', value: '10.0.0.1' }), 1),
          infrastructure: record({ labels: mapOf(word) }),
        },
        ['gatewayClassName', 'listeners'],
      ),
    ),
  },
  {
    apiVersion: gatewayApi,
    kind: 'HTTPRoute',
    wishes: spec(
      record({
        parentRefs: listOf(parent, 1),
        hostnames: listOf(host, 1),
        rules: listOf(routeRule(record({ path, method: fc.constant('GET'), headers })), 1),
      }),
    ),
  },
  {
    apiVersion: gatewayApi,
    kind: 'GRPCRoute',
    wishes: spec(
      record({
        parentRefs: listOf(parent, 1),
        rules: listOf(routeRule(record({ method: fc.record({ service: word }), headers })), 1),
      }),
    ),
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    wishes: spec(
      fc.record({
        from: fc.array(
          fc.record({ group: group.map((one) => one ?? ''), kind: fc.constant('HTTPRoute'), namespace: word }),
          {
            minLength: 1,
            maxLength: 2,
          },
        ),
        to: fc.array(record({ group: fc.constant(''), kind: fc.constant('Service'), name: word }, ['group', 'kind']), {
          minLength: 1,
          maxLength: 2,
        }),
      }),
    ),
  },
  {
    apiVersion: 'cairn.test/v1',
    kind: 'Stone',
    wishes: spec(
      record({
        size: fc.constantFrom(0, 3, null),
        share: fc.constantFrom<unknown>('25%', 1, 0),
        weight: fc.constantFrom(1.5, 2, 1e21),
        note: optional(text),
        loose: optional(fc.constantFrom<unknown>({}, { a: { b: null } }, { list: [1, 'two', {}] }, { empty: '' })),
        tags: mapOf(text),
        parts: listOf(record({ name: word, count: fc.constantFrom(0, 1) }, ['name']), 1),
        words: optional(fc.uniqueArray(word, { maxLength: 3 })),
        pair: optional(fc.constantFrom({ x: 1 }, { x: 1, y: 2 })),
        when: fc.constantFrom('2026-01-02T03:04:05Z', '2026-01-02T04:04:05+01:00'),
      }),
    ),
  },
];

const stoneSpec = {
  type: 'object',
  default: {},
  properties: {
    size: { type: 'integer', nullable: true, default: 1 },
    share: { 'x-kubernetes-int-or-string': true, default: '10%' },
    weight: { type: 'number' },
    note: { type: 'string', default: 'none' },
    loose: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    tags: { type: 'object', additionalProperties: { type: 'string' } },
    parts: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, count: { type: 'integer', default: 1 } },
      },
    },
    words: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    pair: {
      type: 'object',
      'x-kubernetes-map-type': 'atomic',
      properties: { x: { type: 'integer' }, y: { type: 'integer', default: 7 } },
    },
    when: { type: 'string', format: 'date-time' },
  },
};

/** Makes the definitions and waits until they are served. */
export async function define(rig: ApiServer): Promise<void> {
  await rig.kubectl(['apply', '--server-side', '-f', definitions]);
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: stoneSpec } } };
  const stones = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'stones.cairn.test' },
    spec: {
      group: 'cairn.test',
      scope: 'Namespaced',
      names: { kind: 'Stone', plural: 'stones' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
  const file = join(dirname(rig.kubeconfig), 'stones.json');
  await writeFile(file, JSON.stringify(stones));
  await rig.kubectl(['create', '-f', file]);
  await rig.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=100s']);
}
