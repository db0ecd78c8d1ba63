import type { OpenTarget, TargetState } from '../model/connections.ts';
import { CairnError, problem } from '../model/diagnostic.ts';
import { type EndpointType, isEndpointType, serviceOf } from '../model/endpoint.ts';
import type { GitWriter } from '../model/git.ts';
import type { HostWriter } from '../model/host.ts';
import type { Http } from '../model/http.ts';
import type { PortName, Ports, WorldReader, WorldWriter } from '../model/ports.ts';

/** The targets a step run can reach, by sort. */
export interface Reach {
  readonly host: TargetState | undefined;
  readonly cluster: TargetState | undefined;
  /** Services of the step, by type. */
  readonly endpoints?: Readonly<Partial<Record<EndpointType, TargetState>>>;
  readonly http: Http;
  readonly git: GitWriter;
}

type AnyReader = Ports[PortName]['reader'];
type AnyWriter = Ports[PortName]['writer'];

/** The state of the target that a type of this port works on. */
export function stateFor(on: PortName, reach: Reach): TargetState | undefined {
  if (on === 'host') return reach.host;
  if (on === 'kubernetes') return reach.cluster;
  if (isEndpointType(on)) return reach.endpoints?.[on];
  return reach.host ?? reach.cluster;
}

/** What a type of this port reads through. Throws `no-target` when the step has no such target. */
export function readerFor(on: PortName, reach: Reach): AnyReader {
  if (on === 'host') return hostOf(reach).reader;
  if (on === 'kubernetes') return kubeOf(reach).reader;
  if (isEndpointType(on)) return endpointOf(on, reach).reader;
  return worldReader(reach);
}

/** What changes the step's host. Throws `no-target` where there is none. */
export function hostWriter(reach: Reach): HostWriter {
  return hostOf(reach).writer;
}

/** What a type of this port writes through. */
export function writerFor(on: PortName, reach: Reach, progress: (line: string) => void): AnyWriter {
  if (on === 'host') return reporting(hostOf(reach).writer, progress);
  if (on === 'kubernetes') return kubeOf(reach).writer;
  if (isEndpointType(on)) return endpointOf(on, reach).writer;
  return worldWriter(reach, progress);
}

function worldReader(reach: Reach): WorldReader {
  return {
    get host() {
      return hostOf(reach).reader;
    },
    get kube() {
      return kubeOf(reach).reader;
    },
    http: reach.http,
    git: reach.git,
  };
}

function worldWriter(reach: Reach, progress: (line: string) => void): WorldWriter {
  return {
    get host() {
      return reporting(hostOf(reach).writer, progress);
    },
    get kube() {
      return kubeOf(reach).writer;
    },
    http: reach.http,
    git: reach.git,
    progress,
  };
}

type Host = NonNullable<OpenTarget['host']>;

function reporting(writer: Host['writer'], progress: (line: string) => void): Host['writer'] {
  return {
    ask: (question) => writer.ask(question),
    change: (change) => writer.change({ onLine: progress, ...change }),
    changeInTurn: (changes, stop) =>
      writer.changeInTurn(
        changes.map((change) => ({ onLine: progress, ...change })),
        stop,
      ),
  };
}

function hostOf(reach: Reach): Host {
  if (reach.host?.is === 'open' && reach.host.host) return reach.host.host;
  throw unreachable('host', reach.host);
}

function kubeOf(reach: Reach): NonNullable<OpenTarget['kubernetes']> {
  if (reach.cluster?.is === 'open' && reach.cluster.kubernetes) return reach.cluster.kubernetes;
  throw unreachable('cluster', reach.cluster);
}

function endpointOf(type: EndpointType, { endpoints }: Reach): Ports[EndpointType] {
  const state = endpoints?.[type];
  const port = state?.is === 'open' ? state.endpoint?.[type] : undefined;
  if (port) return port;
  throw unreachable(serviceOf(type).title, state);
}

/** Why there is no such port: it wasn't there, didn't answer, or the step has none. */
export function unreachable(what: string, state: TargetState | undefined): CairnError {
  if (state?.is === 'unreachable') return new CairnError(state.why);
  if (state?.is === 'absent')
    return new CairnError(problem('no-target', `the ${what} is not there yet: ${state.providedBy} makes it`));
  return new CairnError(problem('no-target', `this step has no ${what}`));
}
