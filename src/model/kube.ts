import { CairnError, type Diagnostic } from './diagnostic.ts';

/** A Kubernetes object as the API gives it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeMeta;
  readonly [field: string]: unknown;
}

export interface KubeMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFields[];
  readonly [field: string]: unknown;
}

/** Who owns which fields (FieldsV1); `subresource` is set for writes to `scale` or `status`. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
  readonly subresource?: string;
}

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** Left out for cluster-wide kinds. */
  readonly namespace?: string;
  readonly name: string;
}

export interface ListQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Why the server could not merge: then the type merges locally and the plan line is `predicted`. */
export type NoDryRun = 'no-namespace' | 'no-definition' | 'forbidden' | 'no-webhook-dry-run';

export type DryRun =
  | { readonly is: 'merged'; readonly object: KubeObject }
  /** The server would refuse it: these fields can't be changed in place. */
  | { readonly is: 'immutable'; readonly fields: readonly ImmutableField[] }
  | { readonly is: 'unavailable'; readonly because: NoDryRun; readonly message: string };

/** Where the server refuses a change: everything within `path` but what it lists as changeable. */
export interface ImmutableField {
  readonly path: string;
  readonly except: readonly string[];
  /** The server's own words. */
  readonly message: string;
}

/** One thing that a server finds wrong with an object. */
export interface RefusalCause {
  /** Lists by index, as the refused object has them: `spec.ports[1].name`. */
  readonly field: string;
  /** `FieldValueForbidden`, `FieldValueDuplicate`, … */
  readonly reason: string;
  readonly message: string;
}

/** The server judged an object and refuses it, for these causes: code `kube-invalid`. */
export class KubeRefusal extends CairnError {
  readonly causes: readonly RefusalCause[];

  constructor(why: Diagnostic, causes: readonly RefusalCause[]) {
    super(why);
    this.causes = causes;
  }
}

export interface ExecResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A container to run a program in. */
export interface ExecPod {
  readonly namespace: string;
  readonly name: string;
  /** Default: the only one, or the one that the pod names as its default. */
  readonly container?: string;
  /** Milliseconds; default 5 minutes. */
  readonly within?: number;
}

/** A port of this machine that leads into a pod, until it is closed. */
export interface Forward {
  /** On 127.0.0.1. */
  readonly port: number;
  /** What the cluster said of connections that failed, oldest first. */
  readonly failures: readonly string[];
  close(): Promise<void>;
}

/** The field manager under which everything of ours is written; constant, or the server takes two releases for two owners. */
export const fieldManager = 'cairn';

/** Whom the API server names as the owner of what an object held before its first apply, where nobody else is known. */
export const beforeFirstApply = 'before-first-apply';

/**
 * Reads a cluster. Rejects with a CairnError: `kube-unreachable`, `kube-garbled` (something else answers), `kube-unauthorized`,
 * `kube-forbidden`, `kube-invalid`, `kube-busy`, `kube-failed`.
 */
export interface KubeReader {
  /** Null when the object, its namespace or its kind isn't there. */
  get(ref: ObjectRef): Promise<KubeObject | null>;
  /** Empty when the kind isn't known. */
  list(query: ListQuery): Promise<readonly KubeObject[]>;
  /**
   * What a write would make, `dryRun=All`: server-side apply by force, or a PUT of the whole.
   * @throws KubeRefusal where the server finds the result invalid
   */
  dryRun(object: KubeObject, way?: 'apply' | 'replace'): Promise<DryRun>;
  /** The last lines of a container's log, newest last; empty when there is none yet. */
  logs(pod: {
    namespace: string;
    name: string;
    container?: string;
    lines?: number;
    previous?: boolean;
  }): Promise<readonly string[]>;
  /** The cluster's identity: UID of namespace `kube-system`. */
  identity(): Promise<string>;
  /** The server's release: `v1.34.4`. */
  version(): Promise<string>;
  /** Opens a port on this machine's loopback that leads to one of a pod. */
  forward(pod: { namespace: string; name: string }, port: number): Promise<Forward>;
  /** Every kind that can be listed and deleted, for sweeps. */
  kinds(): Promise<readonly { apiVersion: string; kind: string; namespaced: boolean }[]>;
}

export type KubeWritten =
  | { readonly is: 'written'; readonly object: KubeObject | null }
  /** The resourceVersion or UID no longer fits, or it exists already; null: it is gone. */
  | { readonly is: 'conflict'; readonly now: KubeObject | null }
  /** Refused: these fields can't be changed in place. Nothing was written. */
  | { readonly is: 'immutable'; readonly fields: readonly ImmutableField[] };

export interface KubeWriter extends KubeReader {
  /** Server-side apply with force; with a resourceVersion in it the write is guarded, without one it must not exist yet. */
  apply(object: KubeObject): Promise<KubeWritten>;
  /** POST of a whole object that must not exist yet. */
  create(object: KubeObject): Promise<KubeWritten>;
  /** PUT of a whole object, guarded by its resourceVersion; managedFields in it are taken as they are. */
  replace(object: KubeObject): Promise<KubeWritten>;
  /** Foreground delete by UID; resolves when the server took it, not when it is gone. */
  remove(ref: ObjectRef, uid: string): Promise<KubeWritten>;
  /** Runs a program in a container of a pod, for checks and actions. */
  exec(pod: ExecPod, argv: readonly string[], stdin?: string): Promise<ExecResult>;
}
