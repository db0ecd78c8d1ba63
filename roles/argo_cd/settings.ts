import { type Input, k8s, type VarsOf } from '@cairnhq/cairn';
import { deployAccess } from '../git_server/access.ts';
import { type gitServer, hostOf } from '../git_server/index.ts';
import { type argoCd, asUrl, names, partOf } from './index.ts';

export interface Vars {
  readonly argoCd: VarsOf<typeof argoCd>;
  readonly gitServer: VarsOf<typeof gitServer>;
}

/** What Argo CD reads: how it works, whom it knows, and by which key it comes to the Git server. */
export function settings({ argoCd: { namespace, reconciliation }, gitServer }: Vars) {
  const map = (name: string, data: Readonly<Record<string, Input<string>>> = {}) =>
    k8s.configMap({ namespace, name, labels: { ...partOf, 'app.kubernetes.io/name': name }, data });
  const { key, host, privateKey, lines } = deployAccess(gitServer);
  return {
    settings: map(names.settings, {
      'timeout.reconciliation': reconciliation,
      // without it that is up to a minute later
      'timeout.reconciliation.jitter': '0s',
      'application.resourceTrackingMethod': 'annotation',
    }),
    parameters: map(names.parameters, { 'redis.server': `${names.cache}:6379` }),
    rights: map(names.rights),
    gpgKeys: map(names.gpgKeys),
    authorities: map(names.authorities),
    secret: k8s.secret({
      namespace,
      name: names.secret,
      labels: { ...partOf, 'app.kubernetes.io/name': names.secret },
    }),
    gitHost: host,
    knownHosts: map(names.knownHosts, { ssh_known_hosts: lines }),
    gitKey: key,
    deployKey: k8s.secret({
      namespace,
      name: names.deployKey,
      // a login for all repositories whose URL begins so
      labels: { ...partOf, 'argocd.argoproj.io/secret-type': 'repo-creds' },
      data: { type: 'git', url: asUrl(`git@${hostOf(gitServer)}`), sshPrivateKey: privateKey },
    }),
  };
}
