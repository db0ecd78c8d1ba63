import { k8s, restore, step, T } from '@cairnhq/cairn';
import { access } from '../../roles/argo_cd/access.ts';
import { argoCd, names } from '../../roles/argo_cd/index.ts';
import { dropGreeting, greeting, greetingApplication, pushGreeting } from '../../roles/argo_cd/probe.ts';
import { settings } from '../../roles/argo_cd/settings.ts';
import { applicationController, repoServer } from '../../roles/argo_cd/workloads.ts';
import { gitServer } from '../../roles/git_server/index.ts';
import { ephemeralRedis, redisObjects } from '../../roles/redis/ephemeral_redis/index.ts';

export default step({
  summary: 'Argo CD, which knows the Git server and its deploy key',
  on: 'cluster',
  vars: T.Object({ argoCd: argoCd.vars, ephemeralRedis: ephemeralRedis.vars, gitServer: gitServer.vars }),

  resources({ vars }) {
    const { namespace } = vars.argoCd;
    const cache = redisObjects(vars.ephemeralRedis, { namespace, name: names.cache });
    const known = settings(vars);
    // these are read at a start alone
    const controllerPrints = k8s.restartWhen(cache.login, known.settings, known.parameters);
    const serverPrints = k8s.restartWhen(cache.login, known.settings, known.parameters, known.knownHosts);
    return {
      namespace: k8s.namespace({ name: namespace }),
      cacheLogin: cache.login,
      cacheSettings: cache.settings,
      cache: cache.deployment,
      cacheService: cache.service,
      cacheFence: cache.fence,
      ...known,
      ...access(namespace),
      project: k8s.object({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { namespace, name: names.project },
        spec: {
          sourceRepos: ['*'],
          destinations: [{ namespace: '*', server: '*' }],
          clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        },
      }),
      controller: applicationController(vars.argoCd, controllerPrints),
      ...repoServer(vars.argoCd, serverPrints),
    };
  },

  async verify({ vars, check, scratch, kube }) {
    const { namespace } = vars.argoCd;
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: greeting.name };

    await scratch('the deploy key pushes a manifest to a branch', { push: pushGreeting(vars) }, async () => {});

    const application = greetingApplication(vars);
    await scratch('an Application of it is synced and healthy, and its object is there', { application }, async () => {
      const { text } = ((await kube.get(ref))?.data ?? {}) as { readonly text?: string };
      if (text !== greeting.text) throw new Error(`ConfigMap ${namespace}/${greeting.name} says ${text ?? 'nothing'}`);
    });

    await check('the object goes with the Application', async () => {
      if ((await kube.get(ref)) !== null) throw new Error(`ConfigMap ${namespace}/${greeting.name} is still there`);
    });

    await scratch('the branch is taken away', { drop: dropGreeting(vars) }, async () => {});
  },

  undo: restore,
});
