import { role, secret, T, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';

const image = '[a-z0-9]+([._/-][a-z0-9]+)*';

/** A repository whose `image/` becomes an image of the registry with each commit, by Argo Workflows. */
export const containerDeployment = role(import.meta, {
  /** Where builds run: the one that the controller of Argo Workflows looks at. */
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** OWNER/NAME on the Git host. */
  repository: T.String({ pattern: '^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$' }),
  /** The whole URL where the Git host is neither the cluster's own nor github.com: `git@git.example:acme/devpi.git`. */
  url: T.String({ pattern: '^(\\S+@\\S+:\\S+|ssh://\\S+)?$' }),
  /** Lines of a `known_hosts` for the host of that URL. */
  knownHosts: T.String(),
  /** The private key that may read and push there. Left out: a pair is made, whose public half that host must be told. */
  deployKey: T.Optional(secret()),
  /** Whether the Git host is GitHub, which is told of key and webhook by its API: the component names an endpoint `github`. */
  isGithub: T.Boolean(),
  branch: T.String({ pattern: '^[A-Za-z0-9_.-]+$' }),
  /** PROJECT/NAME in the registry. */
  image: T.String({ pattern: `^${image}$` }),
  /** The image that builds begin with, by its whole name; empty: the one that steps/images builds. */
  base: T.String(),
  /** When the branch is looked at whether anybody told of a push or not, as cron has it; empty: never. */
  poll: T.String(),
  /** The name behind the gateway by which a Git host outside of the cluster tells of a push; empty: none. */
  webhookHost: T.String(),
  /** File of the nodes with the certificate authorities on the way to package indexes; empty: the base image's own. */
  caBundle: T.String(),
  /** Role of that namespace by which pods of a workflow tell how it went: an Argo Workflows of one's own calls it otherwise. */
  executorRole: T.String({ minLength: 1 }),
  /** Images of the builder, of what clones and pushes, and of what hears of pushes; empty: those that steps/images provides. */
  builderImage: T.String(),
  gitImage: T.String(),
  receiverImage: T.String(),
});

/** The names of what this role's steps make. */
export const names = {
  /** ServiceAccount of the builds. */
  account: 'kaniko-builder',
  /** WorkflowTemplate, CronWorkflow, mutex; of what hears of pushes: Deployment, Service, account and rights. */
  build: 'devpi-build',
  /** The first build, and each after Cairn changed what is built. */
  first: 'devpi-build-first',
  /** Secret with `ssh-privatekey`, and ConfigMap with `ssh_known_hosts`. */
  key: 'devpi-build-key',
  knownHosts: 'devpi-build-known-hosts',
  /** Secret with the registry's login as `config.json`, and ConfigMap with the authority that signs for it. */
  login: 'devpi-build-registry',
  trust: 'devpi-build-trust',
  /** Secret with what tells of a push are signed by, as `secret`. */
  webhook: 'devpi-build-webhook',
  port: 8080,
} as const;

type Vars = VarsOf<typeof containerDeployment>;

/** The images that the parts of a build run as, beside the builder's. */
export function imagesOf({ gitImage, receiverImage }: Vars) {
  return {
    git: gitImage || builtImage('git').tag,
    receiver: receiverImage || builtImage('devpi').tag,
  };
}
