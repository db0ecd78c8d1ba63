import type { Source } from './diagnostic.ts';
import type { Endpoints, EndpointTarget } from './endpoint.ts';
import type { Secret } from './secret.ts';
import type { Step } from './step.ts';

/** A cluster, a host or a service that steps converge. */
export type Target = ClusterTarget | HostTarget | EndpointTarget;

export interface ClusterTarget {
  readonly kind: 'cluster';
  /** Its name in the inventory. */
  readonly name: string;
  /** Absolute path; the user's own kubeconfig is never used unasked. */
  readonly kubeconfig: string;
  readonly context: string;
  /** Pinned UID of `kube-system`; without one the first step that makes the cluster pins it in local state. */
  readonly identity?: string;
  /** The step that makes it: `kind/40_cluster`. Until then the target is absent and everything on it is predicted. */
  readonly providedBy?: string;
}

export interface HostTarget {
  readonly kind: 'host';
  readonly name: string;
  readonly connection: 'local' | 'ssh' | 'kubernetes';
  /** What the inventory says of the way to it; ~/.ssh/config says the rest. */
  readonly ssh?: SshWay;
  /** The container that it is, where the connection is `kubernetes`. */
  readonly pod?: PodWay;
  /** Whom to become after connecting; nobody without it. */
  readonly become?: Become;
}

/** How a host is reached by SSH. */
export interface SshWay {
  /** Address, or a name of ~/.ssh/config; default the host's name. */
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  /** Absolute path of a private key. */
  readonly key?: string;
  readonly password?: Secret;
  /** Of the private key. */
  readonly passphrase?: Secret;
}

/** A container of a pod. */
export interface PodWay {
  readonly cluster: ClusterTarget;
  readonly namespace: string;
  readonly name: string;
  /** Default: the only one, or the one that the pod names as its default. */
  readonly container?: string;
}

/** Another user, and how to become that one. */
export interface Become {
  readonly method: BecomeMethod;
  /** Unix name. */
  readonly user: string;
  /** What the method asks for; without one it must let us in unasked. */
  readonly password?: Secret;
}

export const becomeMethods = ['sudo', 'su', 'doas'] as const;
export type BecomeMethod = (typeof becomeMethods)[number];

/** One step on one target, with the values it gets there. */
export interface StepInstance {
  /** `devpi/30_redis`. */
  readonly id: string;
  readonly component: string;
  readonly number: number;
  /** Where its file exports it; the file is named from the project's root. */
  readonly source: Source;
  readonly step: Step;
  /** What it fans out over. */
  readonly target: ClusterTarget | HostTarget;
  /** The component's cluster, where it has one; a step on hosts may hold cluster resources too. */
  readonly cluster: ClusterTarget | undefined;
  /** The services that its component uses: one of each type, none without it. */
  readonly endpoints?: Endpoints;
  /** Hosts of its component at a time, batch by batch, the last size for all that follow; all at once without it. */
  readonly serial?: readonly BatchSize[];
  /** Hosts of its component that may fail before the run stops; 0 without it. */
  readonly maxFailures?: number;
  /** Validated against the step's `vars`, defaults and secrets filled in. */
  readonly vars: Readonly<Record<string, unknown>>;
}

/** Every target that a step may write to, each once. */
export function targetsOf({ target, cluster, endpoints = {} }: StepInstance): readonly Target[] {
  const all: readonly Target[] = [target, ...(cluster ? [cluster] : []), ...Object.values(endpoints)];
  return [...new Set(all)];
}

/** How many hosts, or which part of all. */
export type BatchSize = number | { readonly percent: number };

/** One layer's say about a variable, weakest first in `Explained.layers`. */
export interface VariableOrigin {
  readonly layer: 'default' | 'group' | 'host' | 'playbook' | 'command line';
  /** Already fit for a screen: a secret shows as `[secret]`. */
  readonly shown: string;
  readonly source: Source;
}

export interface Explained {
  /** Dotted: `devpi.image.tag`. */
  readonly key: string;
  readonly target: string;
  readonly layers: readonly VariableOrigin[];
  /** Step ids whose vars hold it. */
  readonly reaches: readonly string[];
}

/** A playbook with everything it needs, checked: nothing in it can fail for reasons of input. */
export interface Project {
  /** Absolute. */
  readonly root: string;
  /** The playbook's name, for people: `devpi`. */
  readonly name: string;
  /** As the user named it: `playbooks/devpi.yaml`. */
  readonly playbook: string;
  /** `inventory/local`. */
  readonly inventory: string;
  readonly instances: readonly StepInstance[];
  readonly journal: JournalSettings;
  /** Printed by the last screen of `up`, templates filled in. */
  readonly farewell?: string;
  /** Asked once before `up` changes anything, on a terminal. */
  readonly confirm?: string;
  explain(key: string): readonly Explained[];
}

export interface JournalSettings {
  /** Absolute folder. */
  readonly folder: string;
  /** age recipients that before-images are encrypted to. */
  readonly recipients: readonly string[];
  /** age identities that can decrypt them here. */
  readonly identities: readonly Secret[];
  /** Days for which hosts keep copies of large files that undo to the baseline doesn't need; default 90. */
  readonly keepCopies?: number;
}
