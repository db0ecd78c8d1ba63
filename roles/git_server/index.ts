import { role, T } from '@cairnhq/cairn';

/** Git repositories over SSH, for a cluster that has no Git host: `git@HOST:OWNER/NAME.git`. */
export const gitServer = role(import.meta, {
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** Empty: the one that steps/images builds. */
  image: T.String(),
  /** Size of the claim for repositories. */
  storage: T.String({ pattern: '^[0-9]+[MGT]i$' }),
  /** OWNER/NAME of each; made empty, with the branch `main`. One that is no longer named stays. */
  repositories: T.Array(T.String({ pattern: '^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$' }), { minItems: 1 }),
  /** Public keys of people who may read and push, besides the deploy key. */
  authorizedKeys: T.Array(T.String({ pattern: '^(ssh-|ecdsa-)\\S+ \\S+' })),
  /** `http://…` of each that is told of a push, as GitHub tells it. */
  webhooks: T.Array(T.String({ pattern: '^http://\\S+$' })),
});

/** The names of what this role's steps make. */
export const names = {
  /** Deployment, Service and claim. */
  server: 'git',
  /** Secret with the key pair by which clients know the server. */
  hostKey: 'git-host-key',
  /** Secret with the key pair that may read and push: `ssh-privatekey`, `ssh-publickey`. */
  deployKey: 'git-deploy-key',
  /** ConfigMap of who may come in. */
  keys: 'git-authorized-keys',
  /** ConfigMap with the server's line for a client's `known_hosts`, as `ssh_known_hosts`. */
  knownHosts: 'git-known-hosts',
  /** ConfigMap with what runs after a push, and whom it tells. */
  hooks: 'git-hooks',
  /** Secret with what it signs by, as `secret`. */
  webhook: 'git-webhook',
  /** Of the container; the Service listens on 22. */
  port: 2222,
} as const;

/** The server's name in the cluster. */
export function hostOf({ namespace }: { readonly namespace: string }): string {
  return `${names.server}.${namespace}.svc.cluster.local`;
}

/** What Git calls a repository: `git@git.git.svc.cluster.local:OWNER/NAME.git`. */
export function urlOf(vars: { readonly namespace: string }, repository: string): string {
  return `git@${hostOf(vars)}:${repository}.git`;
}
