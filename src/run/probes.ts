import type { OpenTarget, TargetState } from '../model/connections.ts';
import { CairnError, problem } from '../model/diagnostic.ts';
import type { HostProbe, KubeProbe, Probes } from '../model/step.ts';
import type { Reach } from '../plan/access.ts';
import { forwardTo } from './forward.ts';

/** What checks and undo hooks look through. */
export function probesOf(reach: Reach): Probes {
  return { http: reach.http, kube: kubeProbe(reach), host: hostProbe(reach) };
}

function kubeProbe(reach: Reach): KubeProbe {
  const port = () => need(open(reach.cluster)?.kubernetes, 'cluster').writer;
  return {
    get: (ref) => port().get(ref),
    list: (query) => port().list(query),
    logs: (pod) => port().logs(pod),
    exec: (pod, argv, stdin) => port().exec(pod, argv, stdin),
    portForward: (to, use) => forwardTo(port(), to, use),
  };
}

function hostProbe(reach: Reach): HostProbe {
  return { run: (spec) => need(open(reach.host)?.host, 'host').reader.ask({ ask: 'run', ...spec }) };
}

function open(state: TargetState | undefined): OpenTarget | undefined {
  return state?.is === 'open' ? state : undefined;
}

function need<T>(port: T | undefined, what: string): T {
  if (port === undefined) throw new CairnError(problem('no-target', `this step has no ${what} to look at`));
  return port;
}
