import { argo, type Input, k8s, type Resource, type VarsOf } from '@cairnhq/cairn';
import { type argoCd, asUrl, names } from '../argo_cd/index.ts';
import { names as buildNames } from './index.ts';
import { isOnOwnServer, repositoryUrl, type Vars } from './repo/index.ts';

/** What Argo CD deploys, and where. */
export interface Delivery {
  /** Of the Application. */
  readonly name: string;
  /** Where it deploys to, in its own cluster. */
  readonly namespace: string;
  /** URL, branch and folder of a repository. */
  readonly url: string;
  readonly branch: string;
  readonly path: string;
  /** The commit that must be deployed. */
  readonly revision: Input<string>;
}

/** How Argo CD comes to a repository on a Git host of the site: by the key of the builds. It knows the cluster's own Git server already. */
export function repositoryLogin(vars: Vars & { readonly argoCd: VarsOf<typeof argoCd> }) {
  if (isOnOwnServer(vars)) return {};
  const { namespace, repository } = vars.containerDeployment;
  const key = k8s.existing.secret({ namespace, name: buildNames.key, keys: ['ssh-privatekey'] });
  const login = k8s.secret({
    namespace: vars.argoCd.namespace,
    name: repository
      .replace(/^.*\//, '')
      .replaceAll(/[^A-Za-z0-9-]/g, '-')
      .toLowerCase(),
    labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    data: { type: 'git', url: asUrl(repositoryUrl(vars)), sshPrivateKey: key.out.data['ssh-privatekey'] },
  });
  return { repositoryKey: key, repositoryLogin: login };
}

/** The Application: synced by itself, and what somebody changes in the cluster is given back. What it deploys needs `needed`. */
export function application(
  { namespace: argoCdNamespace }: VarsOf<typeof argoCd>,
  { name, namespace, url, branch, path, revision }: Delivery,
  needed: readonly Resource<unknown>[],
) {
  const spec = {
    project: names.project,
    source: { repoURL: url, targetRevision: branch, path },
    destination: { server: 'https://kubernetes.default.svc', namespace },
    syncPolicy: { automated: { prune: true, selfHeal: true } },
  };
  return argo.application({ namespace: argoCdNamespace, name, revision, spec }, { after: needed });
}
