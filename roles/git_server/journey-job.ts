import { k8s, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { gitServer, hostOf, names, urlOf } from './index.ts';
import { securityContext, unprivileged } from './server.ts';

/** A Job that takes a commit to the server and back, through the Service, and that a stranger can't follow. */
export function journeyJob(vars: VarsOf<typeof gitServer>) {
  const { namespace, image, repositories } = vars;
  const [repository = ''] = repositories;
  const container = {
    name: 'probe',
    image: image || builtImage('git').tag,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', gitServer.read('journey.sh'), 'journey.sh', hostOf(vars), urlOf(vars, repository)],
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
  return k8s.job({ namespace, name: 'cairn-probe-git', spec });
}
