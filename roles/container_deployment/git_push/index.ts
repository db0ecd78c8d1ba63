import { gitServer } from '../../git_server/index.ts';
import { unprivileged } from '../../workload/confined.ts';
import { containerDeployment, imagesOf, names } from '../index.ts';
import { repositoryHost, repositoryUrl, type Vars } from '../repo/index.ts';

// A user of the image; it owns what it clones.
const uid = 10003;

/** Files of this role that work on a clone, after `login.sh` of the Git server's role. */
type Script = 'look.sh' | 'clone.sh' | 'record.sh' | 'probe.sh';

interface Work {
  readonly script: Script;
  readonly args: readonly string[];
  /** Mounted as /workspace. */
  readonly folder?: string;
}

/** Volumes of a pod with such containers: its key, whom it knows, and room for a clone. */
export const gitVolumes = [
  {
    name: 'deploy',
    secret: { secretName: names.key, items: [{ key: 'ssh-privatekey', path: 'ssh-privatekey' }], defaultMode: 0o440 },
  },
  { name: 'known', configMap: { name: names.knownHosts } },
  { name: 'tmp', emptyDir: {} },
];

/** Lets those containers read the key. */
export const gitGroup = { fsGroup: uid, seccompProfile: { type: 'RuntimeDefault' } };

/** A container that reads the repository, or pushes to it. */
export function gitContainer(vars: Vars, { script, args, folder }: Work) {
  const whole = `${gitServer.read('login.sh')}\n${containerDeployment.read(script)}`;
  const work = folder === undefined ? [] : [{ name: folder, mountPath: '/workspace' }];
  return {
    image: imagesOf(vars.containerDeployment).git,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', whole, script, repositoryHost(vars), repositoryUrl(vars), ...args],
    securityContext: { ...unprivileged, runAsNonRoot: true, runAsUser: uid, runAsGroup: uid },
    volumeMounts: [
      { name: 'deploy', mountPath: '/run/keys/deploy', readOnly: true },
      { name: 'known', mountPath: '/run/keys/known', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      ...work,
    ],
  };
}
