import { git, type Resource, type VarsOf } from '@cairnhq/cairn';
import { names as gitNames, type gitServer, hostOf, urlOf } from '../../git_server/index.ts';
import { image } from '../../image/index.ts';
import { containerDeployment, names } from '../index.ts';

export interface Vars {
  readonly containerDeployment: VarsOf<typeof containerDeployment>;
  readonly gitServer: VarsOf<typeof gitServer>;
}

type Repository = Parameters<typeof git.contents>[0]['repository'];

/** Whether it is on the Git server of the cluster. */
export function isOnOwnServer({ containerDeployment: { url, isGithub } }: Vars): boolean {
  return url === '' && !isGithub;
}

/** What Git calls the repository, for pods: `git@git.git.svc.cluster.local:thinkube/devpi-deployment.git`. */
export function repositoryUrl({ containerDeployment: { url, repository, isGithub }, gitServer }: Vars): string {
  return url || (isGithub ? `git@github.com:${repository}.git` : urlOf(gitServer, repository));
}

/** The host in that URL. */
export function repositoryHost(vars: Vars): string {
  if (isOnOwnServer(vars)) return hostOf(vars.gitServer);
  const url = repositoryUrl(vars);
  return /^ssh:/.test(url) ? new URL(url).hostname : url.replace(/^[^@]*@/, '').replace(/:.*/, '');
}

/** The repository as this machine comes to it. */
export function repository(vars: Vars): Repository {
  const { namespace, knownHosts } = vars.containerDeployment;
  const url = repositoryUrl(vars);
  const key = (inside: string, name: string) =>
    ({ kind: 'Secret', namespace: inside, name, key: 'ssh-privatekey' }) as const;
  if (!isOnOwnServer(vars)) return { url, key: key(namespace, names.key), knownHosts };
  const { namespace: server } = vars.gitServer;
  return {
    url,
    key: key(server, gitNames.deployKey),
    knownHosts: { kind: 'ConfigMap', namespace: server, name: gitNames.knownHosts, key: 'ssh_known_hosts' },
    via: { namespace: server, service: gitNames.server, port: 22 },
  };
}

/** What the image is built from: the folder `image/`, where other files are other people's. */
export function imageContents(vars: Vars, base: string, after: readonly Resource<unknown>[]) {
  const recipe = (name: string) => image.read(`devpi/${name}`);
  return git.contents(
    {
      repository: repository(vars),
      branch: vars.containerDeployment.branch,
      name: 'image',
      files: {
        'image/Containerfile': containerDeployment.template('Containerfile', { base }),
        'image/entrypoint.sh': recipe('entrypoint.sh'),
        'image/requirements.txt': recipe('requirements.txt'),
      },
      message: 'What the image is built from',
    },
    { after },
  );
}
