import type { Diagnostic } from './diagnostic.ts';
import type { EndpointType } from './endpoint.ts';
import type { GitWriter } from './git.ts';
import type { HostReader, HostWriter } from './host.ts';
import type { Http } from './http.ts';
import type { Locks } from './journal.ts';
import type { KubeReader, KubeWriter } from './kube.ts';
import type { Ports } from './ports.ts';
import type { Target } from './project.ts';
import type { Tools } from './tools.ts';

/** Ports of services. */
export type EndpointPorts = Readonly<Partial<Pick<Ports, EndpointType>>>;

/** A target that answers, with its ports and who it really is. */
export interface OpenTarget {
  readonly is: 'open';
  /** Name and identity, constant for the life of the thing: `cluster:cairn/6f1c…`, `host:localhost/…`. Journal and locks use it. */
  readonly id: string;
  readonly host?: {
    readonly reader: HostReader;
    readonly writer: HostWriter;
    /** Signs in again: what is asked from then on goes over a new connection. Left out where there is none. */
    renew?(): Promise<void>;
  };
  readonly kubernetes?: { readonly reader: KubeReader; readonly writer: KubeWriter };
  /** The port of a service, by its type. */
  readonly endpoint?: EndpointPorts;
  readonly locks: Locks;
}

/** The id of a cluster: what the inventory calls it, and the UID of its namespace `kube-system`. */
export function clusterId(name: string, uid: string): string {
  return `cluster:${name}/${uid}`;
}

/** The id of a service: what the inventory calls it, and who it says that it is. */
export function endpointId(name: string, identity: string): string {
  return `endpoint:${name}/${identity}`;
}

/** `absent`: the step that provides it has not run. `unreachable`: it should be there and doesn't answer, or is another one. */
export type TargetState =
  | OpenTarget
  | { readonly is: 'absent'; readonly providedBy: string }
  | { readonly is: 'unreachable'; readonly why: Diagnostic };

/** What a second look found. */
export interface Reopened {
  readonly now: TargetState;
  /** Id of the target that had this name before, and isn't there any more. */
  readonly gone?: string;
}

/** Opens targets, each once; compares a cluster's identity with its pin before anything else is sent. */
export interface Connections {
  open(target: Target): Promise<TargetState>;
  /** Looks again, after the step that provides the target ran or was taken back, and pins its identity in local state. */
  reopen(target: Target): Promise<Reopened>;
  readonly http: Http;
  /** Repositories of Git hosts, by the program `git` of this machine. */
  readonly git: GitWriter;
  /** Files and programs of this machine. */
  readonly tools: Tools;
  close(): Promise<void>;
}
