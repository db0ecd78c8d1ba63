import { role, T } from '@cairnhq/cairn';

/** Argo CD's core: what brings repositories into the cluster, without web pages and logins. */
export const argoCd = role(import.meta, {
  /** Where it runs, and where it looks for Applications. */
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** Empty: the one that steps/images provides. */
  image: T.String(),
  /** How often it looks for new commits; one of a site is not told, but waited for. */
  reconciliation: T.String({ pattern: '^[0-9]+[sm]$' }),
});

/** The names of what this role's steps make; those that Argo CD has of its own can't be others. */
export const names = {
  controller: 'argocd-application-controller',
  repositories: 'argocd-repo-server',
  cache: 'argocd-redis',
  settings: 'argocd-cm',
  parameters: 'argocd-cmd-params-cm',
  rights: 'argocd-rbac-cm',
  knownHosts: 'argocd-ssh-known-hosts-cm',
  authorities: 'argocd-tls-certs-cm',
  gpgKeys: 'argocd-gpg-keys-cm',
  secret: 'argocd-secret',
  /** Secret with the deploy key for the repositories of the Git server. */
  deployKey: 'git-server',
  /** AppProject that each Application is in unless it names another. */
  project: 'default',
} as const;

/** It takes no notice of settings without it. */
export const partOf = { 'app.kubernetes.io/part-of': 'argocd' } as const;

/**
 * `git@host:path` as a URL, which is the same to Argo CD: what a Secret holds is kept out of all output, and repositories are named there
 * in the other form.
 */
export function asUrl(remote: string): string {
  return remote.includes('://') ? remote : `ssh://${remote.replace(':', '/')}`;
}
