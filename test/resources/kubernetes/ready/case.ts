import type { Fields } from '../../../../src/resources/kubernetes/compare/json.ts';

/** An object of a case; the server adds what it always adds. */
export interface Prop {
  readonly apiVersion: string;
  readonly kind: string;
  /** Default `app`. */
  readonly name?: string;
  readonly clusterWide?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** `ReplicaSet/app-1`: one that comes earlier in the case. */
  readonly owner?: string;
  /** Of an event: what it is about. */
  readonly about?: string;
  /** What its containers wrote. */
  readonly log?: readonly string[];
  readonly [field: string]: unknown;
}

/** What a controller said, and what that means. */
export interface Case {
  readonly it: string;
  /** The first one is waited for. */
  readonly props: readonly Prop[];
  /** Seconds ago that the run wrote last; left out when it wrote nothing. */
  readonly since?: number;
  /** `ready`, `waiting`, or the failure's code. */
  readonly verdict: string;
  /** Part of what is waited for, or of the failure's first line. */
  readonly says?: string;
  /** Lines beneath the first one. */
  readonly detail?: readonly string[];
  /** Needs pods that are some time old, or logs: a real server without nodes has neither. */
  readonly fakeOnly?: boolean;
}

const labels = { app: 'app' };
const container = { name: 'main', image: 'registry/app:1' };
const pods = { metadata: { labels }, spec: { containers: [container] } };
const workload = { selector: { matchLabels: labels }, template: pods };

/** A workload with its status; `more` goes into its spec. */
export function work(kind: string, status: Fields, more: Fields = {}): Prop {
  const name = kind === 'StatefulSet' ? { serviceName: 'app' } : {};
  const annotations = kind === 'Deployment' ? { annotations: { 'deployment.kubernetes.io/revision': '2' } } : {};
  const spec = { ...workload, ...name, ...more };
  return { apiVersion: 'apps/v1', kind, spec, status: { observedGeneration: 1, ...status }, ...annotations };
}

/** The ReplicaSet of a Deployment's revision. */
export function set(revision: string, status: Fields = { replicas: 1 }): Prop {
  const annotations = { 'deployment.kubernetes.io/revision': revision };
  const spec = { ...workload, replicas: 1 };
  const owner = 'Deployment/app';
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `app-${revision}`, annotations, owner, spec, status };
}

/** A pod with the status of its one container; `more` goes into its status, the rest is as given. */
export function pod(
  owner: string | undefined,
  state: Fields | null,
  more: Fields = {},
  rest: Partial<Prop> = {},
): Prop {
  const statuses = state === null ? {} : { containerStatuses: [{ ...required, ...container, ...state }] };
  const status = { phase: 'Pending', ...statuses, ...more };
  const own = owner === undefined ? {} : { owner };
  const spec = { containers: [container] };
  return { apiVersion: 'v1', kind: 'Pod', name: 'app-x', labels, ...own, spec, status, ...rest };
}

const required = { ready: false, restartCount: 0, imageID: '' };

export function waitingFor(reason: string, message = ''): Fields {
  return { state: { waiting: { reason, message } } };
}

/** A container that ended some seconds ago and is not started again yet. */
export function crashed(finishedAt: string, exitCode = 1): Fields {
  const terminated = { exitCode, reason: 'Error', startedAt: finishedAt, finishedAt };
  const message = 'back-off 40s restarting failed container=main';
  return { restartCount: 3, lastState: { terminated }, ...waitingFor('CrashLoopBackOff', message) };
}

export function event(about: string, reason: string, message: string, at: string, more: Fields = {}): Prop {
  return { apiVersion: 'v1', kind: 'Event', about, reason, message, type: 'Warning', lastTimestamp: at, ...more };
}

export function condition(type: string, status: string, reason = 'Because', message = '', at?: string): Fields {
  return { type, status, reason, message, ...(at === undefined ? {} : { lastTransitionTime: at }) };
}
