import { assembledImage } from '../../image/assembled.ts';
import { type Builder, builderMounts, builderResources } from '../builder.ts';
import { imageOf } from '../image.ts';
import { containerDeployment } from '../index.ts';

const places = { login: '/run/build/login', trust: '/run/build/trust', bundle: '/run/build/ca-bundle.crt' };

// The user of the image.
const uid = 1000;

/** BuildKit: a user without rights, root in a user namespace of its own. Nothing of it goes on after a build. */
export const buildkit: Builder = {
  volumes: [{ name: 'buildkit', emptyDir: {} }],
  container(vars, { tag }) {
    const { branch, caBundle, builderImage } = vars.containerDeployment;
    const trusted = caBundle === '' ? [] : [places.bundle];
    const script = containerDeployment.read('buildkit.sh');
    return {
      image: builderImage || assembledImage('buildkit').tag,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', script, 'buildkit.sh', vars.registry.host, imageOf(vars), tag, branch, ...trusted],
      env: [{ name: 'DOCKER_CONFIG', value: places.login }],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: uid,
        readOnlyRootFilesystem: true,
        // newuidmap and newgidmap have these two, to say who is who in the user namespace
        allowPrivilegeEscalation: true,
        capabilities: { drop: ['ALL'], add: ['SETUID', 'SETGID'] },
        // the profiles that containers have by default refuse user namespaces and mounts to whoever isn't root
        seccompProfile: { type: 'Unconfined' },
        appArmorProfile: { type: 'Unconfined' },
      },
      resources: builderResources,
      volumeMounts: [...builderMounts(vars, places), { name: 'buildkit', mountPath: '/tmp' }],
    };
  },
};
