import { github, type Input, k8s, type Resource, type Secret, ssh, type VarsOf } from '@cairnhq/cairn';
import { deployAccess } from '../../git_server/access.ts';
import type { gitServer } from '../../git_server/index.ts';

/** Where the keys of a repository go, for pods. */
export interface KeyPlace {
  readonly namespace: string;
  /** Secret with `ssh-privatekey`. */
  readonly key: string;
  /** ConfigMap with `ssh_known_hosts`. */
  readonly knownHosts: string;
}

/** A repository on a host of one's own. */
export interface Host {
  /** OWNER/NAME */
  readonly repository: string;
  /** Lines of a `known_hosts`. */
  readonly lines: string;
  /** The private key that is let in; undefined: a pair is made. */
  readonly key: Input<Secret> | undefined;
  /** Whether it is GitHub, which is told of the pair that is made, by the component's endpoint `github`. */
  readonly isGithub: boolean;
}

type Keys = Readonly<Record<string, Resource<unknown>>> & {
  /** The Secret, and the ConfigMap. */
  readonly key: Resource<unknown>;
  readonly knownHosts: Resource<unknown>;
};

/** The key that may read and push, and who the host is, as GitHub has them or any other host of one's own. */
export function keysOfHost(place: KeyPlace, { key, lines, repository, isGithub }: Host): Keys {
  const { namespace, key: name, knownHosts } = place;
  const known = k8s.configMap({ namespace, name: knownHosts, data: { ssh_known_hosts: `${lines.trim()}\n` } });
  if (key !== undefined)
    return { key: k8s.secret({ namespace, name, data: { 'ssh-privatekey': key } }), knownHosts: known };
  const title = `cairn builds of ${repository}`;
  const pair = ssh.keyPair({ namespace, name, comment: title });
  if (!isGithub) return { key: pair, knownHosts: known };
  const publicKey = pair.out.data['ssh-publickey'];
  return {
    key: pair,
    knownHosts: known,
    deployKey: github.deployKey({ repository, title, key: publicKey, read_only: false }),
  };
}

/** The same, copied from the namespace of the cluster's own Git server. */
export function keysOfServer({ namespace, key: name, knownHosts }: KeyPlace, server: VarsOf<typeof gitServer>): Keys {
  const { key, host, privateKey, lines } = deployAccess(server);
  return {
    deployKey: key,
    serverKey: host,
    key: k8s.secret({ namespace, name, data: { 'ssh-privatekey': privateKey } }),
    knownHosts: k8s.configMap({ namespace, name: knownHosts, data: { ssh_known_hosts: lines } }),
  };
}
