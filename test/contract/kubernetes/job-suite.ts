import type { ObjectRef } from '../../../src/model/kube.ts';
import { Secret } from '../../../src/model/secret.ts';
import { jobType } from '../../../src/resources/kubernetes/kinds/job.ts';
import { contractSuite } from '../suite.ts';
import type { KubeWorld, Server } from './world.ts';

/** The Job type through the suite that every type passes. */
export function jobSuite(server: Server): void {
  const template = (env: readonly object[]) => ({
    spec: {
      backoffLimit: 0,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x:1', env }] } },
    },
  });
  contractSuite({
    name: `Job on ${server.name}`,
    type: jobType,
    open: () => server.open(),
    id: ({ namespace }: KubeWorld): ObjectRef => ({ apiVersion: 'batch/v1', kind: 'Job', namespace, name: 'once' }),
    want: template([{ name: 'A', value: 'b' }]),
    drifts: {},
    snapshot: (world: KubeWorld) => world.snapshot(),
    secret: { want: template([{ name: 'A', value: new Secret('canary-in-a-job') }]), canary: 'canary-in-a-job' },
  });
}
