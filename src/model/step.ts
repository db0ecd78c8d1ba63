import type { Static, TObject } from 'typebox';
import type { RunResult, RunSpec } from './host.ts';
import type { Http } from './http.ts';
import type { ExecPod, ExecResult, KubeReader } from './kube.ts';
import type { Resource } from './resource.ts';
import type { StepGuard } from './revert.ts';

export type Resources = Readonly<Record<string, Resource<unknown>>>;

/** What `verify` sees of the resources: their outputs, read live. */
export type LiveOf<R> = { readonly [K in keyof R]: R[K] extends Resource<infer O> ? O : never };

export type Phase = 'up' | 'test' | 'rollback';

/** What a step does when it is taken back. */
export type Undo =
  | { readonly is: 'restore' }
  | { readonly is: 'keep'; readonly why: string }
  | { readonly is: 'hooks'; readonly before?: UndoHook; readonly after?: UndoHook };

export type UndoHook = (context: { readonly vars: unknown } & Probes) => Promise<void>;

/** Derived from the journal: everything goes back to what it was. */
export const restore: Undo = { is: 'restore' };

/** Undo leaves this step's resources; the sentence says why. */
export function keep(why: string): Undo {
  return { is: 'keep', why };
}

/** What checks look through. All of it behaves like somebody from outside. */
export interface Probes {
  readonly http: Http;
  readonly kube: KubeProbe;
  readonly host: HostProbe;
}

export interface KubeProbe extends Pick<KubeReader, 'get' | 'list' | 'logs'> {
  /** Runs a program in a container. */
  exec(pod: ExecPod, argv: readonly string[], stdin?: string): Promise<ExecResult>;
  /**
   * Opens a way from this machine to a port of a Service or a pod for as long as `use` takes.
   * @throws CairnError `kube-forward`: nothing is ready behind it, it has no such port, or the time is over
   */
  portForward<T>(to: ForwardTarget, use: (address: Forwarded) => Promise<T>): Promise<T>;
}

export type ForwardTarget = {
  readonly namespace: string;
  /** Number or name, as the Service or the container has it. */
  readonly port: number | string;
  /** Milliseconds that `use` may take; default 60 seconds. */
  readonly within?: number;
} & ({ readonly service: string } | { readonly pod: string });

export interface Forwarded {
  /** `127.0.0.1` */
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
}

export interface HostProbe {
  run(spec: RunSpec): Promise<RunResult>;
}

/** A check passes when its function returns, and fails with what it threw. */
export interface Checks {
  /** Reads only. */
  check(what: string, prove: () => Promise<void>): Promise<void>;
  /** Declares temporary resources, waits for them, proves something with them, and sweeps them. */
  scratch<R extends Resources>(what: string, resources: R, prove: (live: LiveOf<R>) => Promise<void>): Promise<void>;
  /** Restarts or kills something; only with `--disrupt`. */
  disrupt(what: string, prove: () => Promise<void>): Promise<void>;
}

export type VerifyContext<V, R> = { readonly vars: V; readonly live: LiveOf<R> } & Checks & Probes;

export interface StepSpec<V extends TObject, R extends Resources> {
  /** One line for people: what is true afterwards. */
  readonly summary: string;
  /** `cluster`: once. `hosts`: once for each host of the component. */
  readonly on: 'cluster' | 'hosts';
  readonly vars?: V;
  /** `test` runs with `verify`, `rollback` with `undo`; default `up`. */
  readonly phase?: Phase;
  /** The id under which older releases journaled it. */
  readonly formerly?: string;
  readonly undo: Undo;
  /** Its hosts give themselves back what was there, unless they let us in anew and the step is verified in time. */
  readonly guard?: StepGuard;
  /** Pure, synchronous, once for each target. */
  resources(context: { readonly vars: Static<V>; readonly target: TargetInfo }): R;
  verify?(context: VerifyContext<Static<V>, NoInfer<R>>): Promise<void>;
}

/** What a step may know of the target it is compiled for. */
export interface TargetInfo {
  readonly name: string;
}

declare const isStep: unique symbol;

/** A step file's default export. Its generics are closed over. */
export interface Step {
  readonly [isStep]: true;
  readonly summary: string;
  readonly on: 'cluster' | 'hosts';
  readonly vars: TObject | undefined;
  readonly phase: Phase;
  readonly formerly: string | undefined;
  readonly undo: Undo;
  readonly guard: StepGuard | undefined;
  resources(context: { readonly vars: unknown; readonly target: TargetInfo }): Resources;
  readonly verify: ((context: VerifyContext<unknown, Resources>) => Promise<void>) | undefined;
}

const steps = new WeakSet<object>();

/** Declares a step; a step file exports the result as its default. */
export function step<const V extends TObject, R extends Resources>(spec: StepSpec<V, R>): Step {
  const made = {
    summary: spec.summary,
    on: spec.on,
    vars: spec.vars,
    phase: spec.phase ?? 'up',
    formerly: spec.formerly,
    undo: spec.undo,
    guard: spec.guard,
    resources: spec.resources,
    verify: spec.verify,
  } as unknown as Step;
  steps.add(made);
  return made;
}

/** The marker that `cairn undo` reaches last: it sweeps what still carries our label. */
export function rollback(spec: { readonly summary: string }): Step {
  return step({
    summary: spec.summary,
    on: 'cluster',
    phase: 'rollback',
    undo: keep('it is itself the way back'),
    resources: () => ({}),
  });
}

export function isStepFile(value: unknown): value is Step {
  return typeof value === 'object' && value !== null && steps.has(value);
}
