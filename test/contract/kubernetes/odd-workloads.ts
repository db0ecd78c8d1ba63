import fc from 'fast-check';
import { record, selector, template } from './odd-parts.ts';

/** The `spec` of a Deployment. */
export const deployment = record(
  {
    replicas: fc.constantFrom(0, 1, null),
    minReadySeconds: fc.constant(0),
    paused: fc.constant(false),
    strategy: fc.constantFrom<unknown>({}, { type: 'Recreate' }, { rollingUpdate: { maxSurge: 1 } }),
    selector: fc.constant(selector),
    template,
  },
  ['selector', 'template'],
);

/** The `spec` of a StatefulSet. */
export const statefulSet = record(
  {
    serviceName: fc.constantFrom('web', ''),
    replicas: fc.constantFrom(0, 2),
    selector: fc.constant(selector),
    template,
    volumeClaimTemplates: fc.constantFrom<unknown>([], null, [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
      },
    ]),
    updateStrategy: fc.constantFrom<unknown>({}, { rollingUpdate: { partition: 0 } }),
  },
  ['selector', 'template'],
);

/** The `spec` of a DaemonSet. */
export const daemonSet = record(
  {
    selector: fc.constant(selector),
    template,
    updateStrategy: fc.constantFrom<unknown>({ type: 'OnDelete' }, { rollingUpdate: { maxUnavailable: '10%' } }),
  },
  ['selector', 'template'],
);
