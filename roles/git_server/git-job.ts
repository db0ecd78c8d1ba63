import { k8s, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { unprivileged } from '../workload/confined.ts';
import { gitServer, hostOf, names, urlOf } from './index.ts';
import { securityContext } from './server.ts';

/** A shell script that is run once beside the server, with Git, the deploy key and the server's own key. */
export interface GitScript {
  /** Of the Job. */
  readonly name: string;
  /** Text that goes on after `files/login.sh`: `$url` is the first repository, `$3` and so on are `args`. */
  readonly script: string;
  readonly args?: readonly string[];
}

/** The Job of a script, for a scratch check. */
export function gitJob(vars: VarsOf<typeof gitServer>, { name, script, args = [] }: GitScript) {
  const { namespace, image, repositories } = vars;
  const [repository = ''] = repositories;
  const whole = `${gitServer.read('login.sh')}\n${script}`;
  const container = {
    name: 'probe',
    image: image || builtImage('git').tag,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', whole, name, hostOf(vars), urlOf(vars, repository), ...args],
    securityContext: unprivileged,
    volumeMounts: [
      { name: 'deploy', mountPath: '/run/keys/deploy', readOnly: true },
      { name: 'known', mountPath: '/run/keys/known', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  const pod = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext,
    containers: [container],
    restartPolicy: 'Never',
    volumes: [
      { name: 'deploy', secret: { secretName: names.deployKey, defaultMode: 0o440 } },
      { name: 'known', configMap: { name: names.knownHosts } },
      { name: 'tmp', emptyDir: {} },
    ],
  };
  const spec = { backoffLimit: 0, activeDeadlineSeconds: 90, template: { spec: pod } };
  return k8s.job({ namespace, name, spec });
}
