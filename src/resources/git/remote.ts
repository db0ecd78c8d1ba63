import { forwardTo } from '../../model/forward.ts';
import type { GitRemote } from '../../model/git.ts';
import type { KubeReader } from '../../model/kube.ts';
import { Secret } from '../../model/secret.ts';
import { type KeyIn, textIn } from '../world/key-in.ts';

/** A repository, and how this machine gets to it. */
export interface Repository {
  /** `git@git.example:acme/shop.git`, or `ssh://git@git.example:2222/acme/shop.git`. */
  readonly url: string;
  /** The private key that may read and push. */
  readonly key: Secret | KeyIn;
  /** Lines of a `known_hosts` for the URL's host. */
  readonly knownHosts: string | KeyIn;
  /** A Service of the step's cluster through which this machine reaches it, where its name means nothing here. */
  readonly via?: { readonly namespace: string; readonly service: string; readonly port: number };
}

/** Null while a Secret, a ConfigMap or the Service that it needs isn't there: nobody serves it yet. */
export async function withRemote<T>(
  { url, key, knownHosts, via }: Repository,
  world: { readonly kube: KubeReader },
  use: (remote: GitRemote) => Promise<T>,
): Promise<T | null> {
  const [secret, hosts] = await Promise.all([
    key instanceof Secret ? key : textIn(key, world),
    typeof knownHosts === 'string' ? knownHosts : textIn(knownHosts, world),
  ]);
  if (secret === null || hosts === null) return null;
  const remote = {
    url,
    key: secret instanceof Secret ? secret : new Secret(secret),
    knownHosts: hosts,
  };
  if (via === undefined) return await use(remote);
  if (!(await serves(via, world.kube))) return null;
  return await forwardTo(world.kube, { ...via, within }, ({ host, port }) =>
    use({ ...remote, connectTo: `${host}:${port}` }),
  );
}

// Milliseconds, for a fetch and a push.
const within = 300_000;

async function serves({ namespace, service }: NonNullable<Repository['via']>, kube: KubeReader): Promise<boolean> {
  return (await kube.get({ apiVersion: 'v1', kind: 'Service', namespace, name: service })) !== null;
}
