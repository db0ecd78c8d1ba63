import { forwardTo } from '../model/forward.ts';
import type { HostReader } from '../model/host.ts';
import type { KubeWriter } from '../model/kube.ts';
import type { HostProbe, KubeProbe, Probes } from '../model/step.ts';
import { type Reach, unreachable } from '../plan/access.ts';

/** What checks and undo hooks look through. */
export function probesOf(reach: Reach): Probes {
  return { http: reach.http, kube: kubeProbe(reach), host: hostProbe(reach) };
}

function kubeProbe({ cluster }: Reach): KubeProbe {
  const port = (): KubeWriter => {
    if (cluster?.is === 'open' && cluster.kubernetes) return cluster.kubernetes.writer;
    throw unreachable('cluster', cluster);
  };
  return {
    get: (ref) => port().get(ref),
    list: (query) => port().list(query),
    logs: (pod) => port().logs(pod),
    exec: (pod, argv, stdin) => port().exec(pod, argv, stdin),
    portForward: (to, use) => forwardTo(port(), to, use),
  };
}

function hostProbe({ host }: Reach): HostProbe {
  const port = (): HostReader => {
    if (host?.is === 'open' && host.host) return host.host.reader;
    throw unreachable('host', host);
  };
  return { run: (spec) => port().ask({ ask: 'run', ...spec }) };
}
