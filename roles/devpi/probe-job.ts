import { k8s, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { asUser, unprivileged } from '../workload/confined.ts';
import { type devpi, names } from './index.ts';

/** A Python program that is run once in the namespace, as the workloads run, and must end well. */
export interface Probe {
  readonly name: string;
  /** File of this role. */
  readonly script: string;
  readonly args: readonly string[];
  /** Mounted as /data. */
  readonly claim?: string;
  /** Gives it the workloads' token. */
  readonly token?: boolean;
  /** Default: the workloads' own. */
  readonly account?: string;
}

/** The Job of a probe, for a scratch check. */
export function probeJob(
  { namespace, image, probeImage }: Pick<VarsOf<typeof devpi>, 'namespace' | 'image' | 'probeImage'>,
  { name, script, args, claim, token = false, account = names.account }: Probe,
) {
  const volumes = claim === undefined ? [] : [{ name: 'data', persistentVolumeClaim: { claimName: claim } }];
  const container = {
    name: 'probe',
    image: probeImage || image || builtImage('devpi').tag,
    imagePullPolicy: 'IfNotPresent',
    command: ['python3', '-c', script, ...args],
    volumeMounts: claim === undefined ? [] : [{ name: 'data', mountPath: '/data' }],
    securityContext: unprivileged,
  };
  const pod = { securityContext: asUser(10001), containers: [container], volumes, restartPolicy: 'Never' };
  const rights = { serviceAccountName: account, automountServiceAccountToken: token, enableServiceLinks: false };
  return k8s.job({
    namespace,
    name,
    spec: { backoffLimit: 0, activeDeadlineSeconds: 120, template: { spec: { ...pod, ...rights } } },
  });
}
