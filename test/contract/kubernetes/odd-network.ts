import fc from 'fast-check';
import { listOf, mapOf, number, protocol, record, withoutUndefined, word } from './odd-parts.ts';

/** The `spec` of a Service. */
export const service = record(
  {
    selector: mapOf(word),
    type: fc.constantFrom('ClusterIP', 'NodePort'),
    clusterIP: fc.constantFrom('None', ''),
    externalIPs: fc.constantFrom([], null),
    sessionAffinity: fc.constantFrom('None', 'ClientIP'),
    ports: fc
      .uniqueArray(record({ port: number, protocol, targetPort: fc.constantFrom<unknown>(80, 'http', 0) }, ['port']), {
        minLength: 1,
        maxLength: 3,
        selector: ({ port, protocol: spoken = 'TCP' }) => `${port}/${spoken}`,
      })
      .map((ports) => ports.map((port, i) => withoutUndefined({ ...port, name: `p${i}` }))),
  },
  ['ports'],
);

const peers = listOf(
  fc.constantFrom<unknown>(
    { podSelector: {} },
    { namespaceSelector: {}, podSelector: { matchLabels: {} } },
    { ipBlock: { cidr: '10.0.0.0/8', except: [] } },
  ),
);
/** The `spec` of a NetworkPolicy. */
export const fence = record(
  {
    podSelector: fc.constantFrom({}, { matchLabels: {} }, { matchExpressions: [] }),
    policyTypes: fc.constantFrom(['Ingress'], ['Egress', 'Ingress'], [], null),
    ingress: listOf(
      record({ from: peers, ports: listOf(record({ port: fc.constantFrom<unknown>(80, 'http'), protocol })) }),
    ),
    egress: listOf(record({ to: peers })),
  },
  ['podSelector'],
);

const backend = fc.constantFrom<unknown>(
  { service: { name: 'web', port: { number: 80 } } },
  { service: { name: 'web', port: { name: 'http' } } },
);
/** The `spec` of a Ingress. */
export const ingress = record(
  {
    defaultBackend: backend,
    ingressClassName: fc.constantFrom('a', null),
    tls: listOf(record({ hosts: listOf(fc.constant('a.test')), secretName: word })),
    rules: listOf(
      record({
        host: fc.constantFrom('a.test', '*.a.test', ''),
        http: record(
          {
            paths: fc.array(
              record({ path: fc.constantFrom('/', '/a'), pathType: fc.constant('Prefix'), backend }, [
                'path',
                'pathType',
                'backend',
              ]),
              { minLength: 1, maxLength: 2 },
            ),
          },
          ['paths'],
        ),
      }),
    ),
  },
  ['defaultBackend'],
);
