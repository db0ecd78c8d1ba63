import { derive, k8s, type VarsOf } from '@cairnhq/cairn';
import { type gitServer, names } from './index.ts';

/** What the server has made for those who come to it: the deploy key, and its own lines of a `known_hosts`. */
export function deployAccess({ namespace }: Pick<VarsOf<typeof gitServer>, 'namespace'>) {
  const key = k8s.existing.secret({ namespace, name: names.deployKey, keys: ['ssh-privatekey'] });
  const host = k8s.existing.object({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: names.knownHosts });
  const lines = derive([host.out.data], (data) => (data as Readonly<Record<string, string>>).ssh_known_hosts ?? '');
  return { key, host, privateKey: key.out.data['ssh-privatekey'], lines };
}
