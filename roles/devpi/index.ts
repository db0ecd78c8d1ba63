import { role, secret, T } from '@cairnhq/cairn';

/** The private Python index: devpi-server on one claim, with an API host for pip and uploads. */
export const devpi = role(import.meta, {
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** Empty: the one that steps/images builds, or, where Argo CD delivers, what the builder made last. */
  image: T.String(),
  /** Of the pods by which checks look at things from inside the cluster: any with Python 3; empty: that of the server. */
  probeImage: T.String(),
  /** What builds an image of each commit to the repository. */
  builder: T.Union([T.Literal('kaniko'), T.Literal('buildkit'), T.Literal('none')]),
  /** Who brings the server into the cluster: Cairn itself, or Argo CD from the repository `containerDeployment`. */
  delivery: T.Union([T.Literal('direct'), T.Literal('argocd')]),
  /** Size of the claim for packages. */
  storage: T.String({ pattern: '^[0-9]+[MGT]i$' }),
  /** The name by which pip and twine find it; open, no login page before it. */
  apiHost: T.String({ format: 'hostname' }),
  /** The name by which people find the dashboard in their browsers, behind a login. */
  dashboardHost: T.String({ format: 'hostname' }),
  /** What the cluster routes by. */
  route: T.Union([T.Literal('HTTPRoute'), T.Literal('Ingress')]),
  /** May upload to the index, and make users and indexes. */
  adminUser: T.String({ pattern: '^[a-z][a-z0-9_.-]*$' }),
  /** Left out: one is made, and kept. */
  adminPassword: T.Optional(secret()),
  /** Folder of a host for what `88_test_devpi` goes its way with. */
  toolsFolder: T.String({ pattern: '^/' }),
  /** File of a host that gets the password, for its root alone; empty: none. */
  passwordFile: T.String(),
  /** USER/NAME of the index that packages are uploaded to and installed from. */
  index: T.String({ pattern: '^[a-z0-9_.-]+/[a-z0-9_.-]+$' }),
  /** The public index beneath it, as a simple-index URL; `default`: the one that devpi begins with; empty: none. */
  publicIndex: T.String({ pattern: '^(default|https?://.+)?$' }),
  /** Unix user of a host who gets the client, scripts and helpers; empty: nobody. */
  cliUser: T.String({ pattern: '^([a-z_][a-z0-9_.-]*)?$' }),
  /** That user's home folder. */
  cliHome: T.String({ pattern: '^/[A-Za-z0-9._/-]*$' }),
  /** File of a host with the certificate authorities that its programs trust. */
  cliTrust: T.String({ pattern: '^/[A-Za-z0-9._/-]+$' }),
  /** File of the nodes with the certificate authorities on the way to the public index; empty: the image's own. */
  caBundle: T.String(),
});

/** The names of what this role's steps make. */
export const names = {
  /** Deployment and Service. */
  server: 'devpi',
  /** Secret with the password of devpi's own `root`, which only Cairn uses. */
  root: 'devpi-root',
  /** Secret with the password of the user who may upload. */
  admin: 'devpi-admin',
  /** Secret by which the server's image is pulled, where Argo CD delivers it. */
  pull: 'devpi-pull',
  claim: 'devpi-data-pvc',
  redis: 'redis',
  /** ServiceAccount of the workloads. */
  account: 'devpi',
  /** Route of the API host. */
  api: 'devpi-api',
  /** Route of the dashboard host. */
  dashboard: 'devpi-dashboard',
  /** The dashboard as a client of Keycloak, and the Secret that holds its secret. */
  client: 'devpi-dashboard',
  clientSecret: 'oauth2-client',
  /** OAuth2 Proxy: Deployment, Service, and Secret with its settings. */
  proxy: 'oauth2-proxy',
  /** USER/NAME of the mirror of the public index. */
  mirror: 'root/pypi',
  port: 3141,
} as const;
