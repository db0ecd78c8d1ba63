import { argo, type Input, type Resource, type VarsOf } from '@cairnhq/cairn';
import { type argoCd, names } from '../argo_cd/index.ts';

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
