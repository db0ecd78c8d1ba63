import { git, type Resource, requirement, type Unmet, type VarsOf } from '@cairnhq/cairn';
import type { argoCd } from '../argo_cd/index.ts';
import { application, repositoryLogin } from '../container_deployment/application.ts';
import type { containerDeployment } from '../container_deployment/index.ts';
import { repository, repositoryUrl } from '../container_deployment/repo/index.ts';
import type { gitServer } from '../git_server/index.ts';
import type { registry } from '../registry/index.ts';
import { dockerLogin, existingLogin } from '../registry/login.ts';
import { type devpi, names } from './index.ts';
import { manifests } from './manifests.ts';
import { server } from './server.ts';

interface Vars {
  readonly devpi: VarsOf<typeof devpi>;
  readonly argoCd: VarsOf<typeof argoCd>;
  readonly containerDeployment: VarsOf<typeof containerDeployment>;
  readonly gitServer: VarsOf<typeof gitServer>;
  readonly registry: VarsOf<typeof registry>;
}

/** The server as Cairn itself makes it. */
export function direct(vars: Vars) {
  return { unclaimed: notArgoCds(vars), ...server(vars.devpi) };
}

/** The server as Argo CD makes it: its manifests in Git, the login to pull its image by, and the Application. */
export function delivered(vars: Vars) {
  const { namespace } = vars.devpi;
  const { branch, image } = vars.containerDeployment;
  const { root, files } = manifests(vars.devpi, image);
  const login = existingLogin(vars.registry);
  const pull = dockerLogin(vars.registry, login.out.data.password, { namespace, name: names.pull });
  const contents = git.contents({ repository: repository(vars), branch, name: 'manifests', files });
  const access = repositoryLogin(vars);
  const needed = [pull, ...Object.values(access)];
  const place = { name: applicationOf(vars.devpi), namespace, url: repositoryUrl(vars), branch, path: 'manifests' };
  return {
    image: somebodyBuilds(vars),
    unclaimed: notOurs(vars),
    root,
    registryLogin: login,
    pull,
    ...access,
    manifests: contents,
    application: application(vars.argoCd, { ...place, revision: contents.out.commit }, needed),
  };
}

/** The name of the Application: one for each namespace. */
export function applicationOf({ namespace }: Vars['devpi']): string {
  return namespace;
}

function somebodyBuilds({ devpi: { image, builder } }: Vars): Resource<object> {
  return requirement({
    id: 'an image for Argo CD to deliver',
    test: () =>
      Promise.resolve(
        image !== '' || builder !== 'none'
          ? true
          : { summary: 'devpi.delivery is argocd, and devpi.builder is none', help: 'name a builder, or devpi.image' },
      ),
  });
}

// Two who make one Deployment, each in his own way, would go on for ever.
function notArgoCds({ devpi, argoCd: { namespace } }: Vars): Resource<object> {
  const name = applicationOf(devpi);
  const theirs = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace, name };
  return requirement({
    id: `Argo CD does not deliver ${devpi.namespace}/${names.server}`,
    test: async ({ kube }) =>
      (await kube.get(theirs)) === null || inTheWay(`Application ${namespace}/${name} delivers it`, 'direct', 'argocd'),
  });
}

function notOurs({ devpi: { namespace } }: Vars): Resource<object> {
  const ours = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: names.server };
  return requirement({
    id: `Cairn itself does not deliver ${namespace}/${names.server}`,
    test: async ({ kube }) =>
      (await kube.get(ours))?.metadata.labels?.['cairn.dev/owner'] === undefined ||
      inTheWay(`Deployment ${namespace}/${names.server} is Cairn's own`, 'argocd', 'direct'),
  });
}

function inTheWay(what: string, wished: string, former: string): Unmet {
  return {
    summary: `${what}, and devpi.delivery is ${wished}`,
    help: `take it back first; packages and passwords stay: cairn undo PLAYBOOK --only devpi/70 --set devpi.delivery=${former}`,
  };
}
