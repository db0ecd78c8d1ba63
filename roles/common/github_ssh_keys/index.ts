import { derive, type Input, k8s, type Resource, type Secret, ssh } from '@cairnhq/cairn';

/** Where the keys of a repository go, for pods. */
export interface KeyPlace {
  readonly namespace: string;
  /** Secret with `ssh-privatekey`. */
  readonly key: string;
  /** ConfigMap with `ssh_known_hosts`. */
  readonly knownHosts: string;
}

type Keys = Readonly<Record<string, Resource<unknown>>> & {
  /** The Secret, and the ConfigMap. */
  readonly key: Resource<unknown>;
  readonly knownHosts: Resource<unknown>;
};

/** The key that may read and push, and who the host is, as a host of one's own has them: GitHub, or any other. */
export function keysOfHost(
  { namespace, key: name, knownHosts }: KeyPlace,
  {
    key,
    lines,
    comment,
  }: { readonly key: Input<Secret> | undefined; readonly lines: string; readonly comment: string },
): Keys {
  return {
    key:
      key === undefined
        ? ssh.keyPair({ namespace, name, comment })
        : k8s.secret({ namespace, name, data: { 'ssh-privatekey': key } }),
    knownHosts: k8s.configMap({ namespace, name: knownHosts, data: { ssh_known_hosts: `${lines.trim()}\n` } }),
  };
}

/** The same, copied from the namespace of the cluster's own Git server. */
export function keysOfServer({ namespace, key: name, knownHosts }: KeyPlace, from: KeyPlace): Keys {
  const [deploy, hosts] = [
    k8s.existing.secret({ namespace: from.namespace, name: from.key, keys: ['ssh-privatekey'] }),
    k8s.existing.object({ apiVersion: 'v1', kind: 'ConfigMap', namespace: from.namespace, name: from.knownHosts }),
  ];
  const lines = derive([hosts.out.data], (data) => (data as Readonly<Record<string, string>>).ssh_known_hosts ?? '');
  return {
    deployKey: deploy,
    serverKey: hosts,
    key: k8s.secret({ namespace, name, data: { 'ssh-privatekey': deploy.out.data['ssh-privatekey'] } }),
    knownHosts: k8s.configMap({ namespace, name: knownHosts, data: { ssh_known_hosts: lines } }),
  };
}
