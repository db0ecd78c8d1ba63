import { type Input, type Inputs, type Outs, outOf, type Planned } from './deferred.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Expands } from './expands.ts';
import type { PortName, Ports } from './ports.ts';
import type { Evidence, Look, Patience, ReadyOf, ReadyWhen } from './ready.ts';
import type { Restarts } from './restarts.ts';
import type { Saves } from './revert.ts';

/** What a look at the live world found. Unreadable is never taken for absent. */
export type Reading<L> =
  | { readonly is: 'absent' }
  | { readonly is: 'present'; readonly live: L }
  | { readonly is: 'unreadable'; readonly why: Diagnostic };

/** What a guarded write did. `moved`: the world differed from the before-image and nothing was written. */
export type Written<L> =
  | { readonly is: 'written'; readonly live: L | null }
  | { readonly is: 'moved'; readonly now: Reading<L> };

export interface FieldChange {
  /** Dotted, list items by their key: `spec.template.spec.containers[redis].image`. */
  readonly path: string;
  /** `replace`: can't be changed in place. `later`: the new value is known only during the run. `restart`: nothing but a restart. */
  readonly how: 'update' | 'replace' | 'later' | 'restart';
  /** For people, one line each; left out where the field holds a secret or wasn't there. */
  readonly before?: string;
  readonly after?: string;
  readonly secret: boolean;
  /** Who set the value that is taken back: `drift, set by kubectl-edit 4 min ago`. */
  readonly note?: string;
}

/** A field that somebody else owns and that we would overwrite. */
export interface Owned {
  readonly path: string;
  readonly owner: string;
}

export interface Difference {
  readonly changes: readonly FieldChange[];
  readonly foreign: readonly Owned[];
  /** It was there before us: writing the wish makes it ours, also where no value changes. */
  readonly adopts?: boolean;
  /** The wish is that nothing is there. */
  readonly removes?: boolean;
  /** What stands where it should be and won't be removed for it: `a directory`. */
  readonly inTheWay?: string;
}

/** What is lost for good if the thing is removed: nothing, its identity (it can be made again, with another UID), or data. */
export type Loss =
  | { readonly is: 'none' }
  | { readonly is: 'recreate'; readonly why: string }
  | {
      readonly is: 'data';
      readonly why: string;
      readonly saveFirst?: string;
      /** Addresses on the same target: nothing else is lost with it than these. */
      readonly holds?: readonly string[];
    };

export type Readiness =
  | { readonly is: 'ready' }
  /** `why`: what is to blame if it never becomes ready, as far as it can be seen. */
  | { readonly is: 'waiting'; readonly on: string; readonly why?: Diagnostic }
  | { readonly is: 'failed'; readonly why: Diagnostic };

/** Turns a live image into JSON for the journal and back, also one of an older version of the type. */
export interface Codec<L> {
  encode(live: L): unknown;
  decode(stored: unknown, version: number): L;
}

/** The codec of images that are plain JSON data. */
export function json<L>(): Codec<L> {
  return { encode: (live) => live, decode: (stored) => stored as L };
}

/**
 * One sort of thing that Cairn manages. Reading, comparing and writing are apart; comparing is pure.
 * `Id` finds the thing, `Want` says what must be true of it, `Live` is its full image, `Out` is what other resources may use.
 */
export interface ResourceType<P extends PortName, Id, Want, Live, Out> extends Expands<Id, Want> {
  readonly name: string;
  /** Raised when the codec's output changes shape. */
  readonly version: number;
  readonly on: P;
  /** The keys of a spec that form the Id; the others are Want. */
  readonly identity: readonly (keyof Id & string)[];
  readonly codec: Codec<Live>;
  /** `Deployment/devpi/redis`, `file/etc/hosts`: unique within a target, without an API version. */
  address(id: Id): string;
  /** The same for people: `Deployment devpi/redis`, `file /etc/hosts`. */
  title(id: Id): string;
  /** What it takes up, where other types could take it as well: `/etc/app`, as a file or as a directory. */
  place?(id: Id): string;
  /** Within one step of a cluster, lower phases are written first: 0 definitions, 1 namespaces, 2 config, 3 workloads. */
  phase?(id: Id): number;
  read(id: Id, from: Ports[P]['reader']): Promise<Reading<Live>>;
  /** What the server would make of it: a dry run, or a local guess marked `predicted`. */
  merge?(
    id: Id,
    want: Planned<Want>,
    live: Live | null,
    from: Ports[P]['reader'],
    options: WriteOptions,
  ): Promise<Merged<Live>>;
  /** Pure. `merged` is there when the type has `merge`. A null `want` asks what removing would change. */
  diff(live: Live | null, want: Planned<Want> | null, merged?: Live): Difference;
  /** Makes it so; a null `want` removes it. Compares with `live` first and writes nothing if the world moved. */
  write(
    change: { id: Id; want: Want | null; live: Live | null; options: WriteOptions },
    to: Ports[P]['writer'],
  ): Promise<Written<Live>>;
  /** Back to an image, not to a spec; `before` null removes what we created. */
  restore(
    change: { id: Id; before: Live | null; live: Live | null; patience?: Patience },
    to: Ports[P]['writer'],
  ): Promise<Written<Live>>;
  /** Takes what of ours is on it off, and nothing else: its values stay, whatever they are by now. */
  letGo?(change: { id: Id; live: Live }, to: Ports[P]['writer']): Promise<Written<Live>>;
  /** The fields in which two images differ, without what the world changes by itself (versions, status, times). Pure. */
  compare(a: Live | null, b: Live | null): readonly FieldChange[];
  /** What of ours is on it besides its values, for people; left out: nothing is, and only the journal knows of it. Pure. */
  marks?(live: Live): readonly string[];
  /**
   * What an image holds, by the paths that `diff` gives, without what the world changes by itself; left out, the leaves of
   * what the codec makes of it.
   */
  fields?(live: Live): readonly (readonly [path: string, value: unknown])[];
  /** The id by which it is found where the one that it was made with has gone out of service; null: no other. */
  servedNow?(id: Id, from: Ports[P]['reader']): Promise<unknown>;
  /** The run that wrote it last, as a mark on the thing itself says. Pure. */
  lastRun?(live: Live): string | undefined;
  /** What others may use once it is ready. `want` is null for `existing`. */
  out(live: Live, id: Id): Out;
  loss(id: Id, live: Live, from: Ports[P]['reader']): Promise<Loss>;
  /** True when another thing on the same target, by its id, lives in this one and goes with it: what a namespace holds. Pure. */
  holds?(id: Id, want: unknown, other: unknown): boolean;
  /** Addresses on the same target of what goes with it though no step declares it: what an Application deployed. Pure. */
  takesAlong?(live: Live): readonly string[];
  ready?(id: Id, live: Live, from: Ports[P]['reader'], look?: Look): Promise<Readiness>;
  /** What to keep of a thing that failed, before anything is taken back. Bounded. */
  evidence?(id: Id, live: Live, from: Ports[P]['reader']): Promise<readonly Evidence[]>;
  /** Addresses that writing this may change besides itself; `*` stands for any run of characters: `file/etc/nginx/*`. */
  touches?(id: Id): readonly string[];
  readonly restarts?: Restarts<Id, Live>;
  /** What a host keeps before a write, so that it can take it back by itself; left out: it can't. */
  saves?(change: { id: Id; want: Want | null; live: Live | null }, from: Ports[P]['reader']): Promise<Saves>;
  /** True for one that it can't take back, though it can others of its type. */
  noWayBack?(id: Id): boolean;
  /** True when nothing says how to take it back: then the resource or its step must say `keep`. */
  silent?(id: Id): boolean;
  /** How it is taken back stands in its step alone: its id holds functions, which no journal keeps. */
  readonly onlyDeclared?: true;
  /** True when fields of its wish may be `initially(…)`. */
  readonly takesInitially?: true;
  /** Addresses of what else it looks at, on whichever target: it is read once an earlier step of the run has made them. Pure. */
  reads?(id: Id): readonly string[];
  /** True when reading asks a free-form probe, whose answer any earlier change may alter. */
  probes?(id: Id): boolean;
  /** How long a change usually takes, for people: `5 min`. */
  usually?(id: Id): string | undefined;
  /** What lies beneath its place is its own as well: a checkout, an archive. */
  readonly isWhole?: true;
}

export interface Merged<L> {
  readonly live: L;
  /** What it was merged over, where that is newer than what was read. */
  readonly over?: L;
  readonly certainty: 'exact' | 'predicted';
  /** Why it is a prediction, for people. */
  readonly why?: string;
}

/** What a resource may say about how it is written. */
export interface WriteOptions {
  /** Fields taken from an owner who isn't us. */
  readonly takeOver?: readonly string[];
  /** Set by the engine: the run that writes, for marks on the object. */
  readonly run?: string;
  /** Set by the engine: the plan says that it is made anew, and whoever runs it agreed. */
  readonly replace?: boolean;
  /** Set by the engine: by the run's `--timeout`. */
  readonly patience?: Patience;
}

export type AnyType = ResourceType<PortName, unknown, unknown, unknown, unknown>;

export interface More extends WriteOptions {
  /** Made only if true; a later value is decided during the run. */
  readonly when?: Input<boolean>;
  /** Why, for people: printed beside `skipped`. */
  readonly because?: string;
  /** Milliseconds until it must be ready, or gone where it is removed; default: the run's `--timeout`. */
  readonly within?: number;
  /** For Kubernetes objects: when this one is ready. */
  readonly ready?: ReadyWhen;
  /** The same for objects of a bundle. */
  readonly readyOf?: ReadyOf;
  /** Made only after these, though no value flows between them. */
  readonly after?: readonly Resource<unknown>[];
  /**
   * What it lives in, of this step or `existing`: an index on its claim. Where an undo removes that, this goes with it, and
   * nothing is asked or done for it alone.
   */
  readonly inside?: Resource<unknown>;
}

declare const gives: unique symbol;

/** A thing that must be true, as a step declares it. */
export interface Resource<out Out> {
  readonly [gives]: Out;
  /** Its outputs, known after it is ready. */
  readonly out: Outs<Out>;
  /** Undo leaves it where it is, and says why. */
  keep(why: string): Resource<Out>;
}

/** `managed` is converged; `existing` is only read; `gate` is waited for; `bundle` becomes other resources while planning. */
export type Mode = 'managed' | 'existing' | 'gate' | 'bundle';

/** A resource as the engine sees it. */
export interface AnyHandle extends Resource<unknown> {
  readonly mode: Mode;
  readonly type: AnyType;
  readonly id: unknown;
  /** Inputs: may hold Deferred values. */
  readonly want: unknown;
  readonly more: More;
  readonly kept: string | undefined;
}

class Handle {
  readonly out: unknown;
  readonly mode: Mode;
  readonly type: AnyType;
  readonly id: unknown;
  readonly want: unknown;
  readonly more: More;
  readonly kept: string | undefined;

  constructor(fields: Pick<AnyHandle, 'mode' | 'type' | 'id' | 'want' | 'more' | 'kept'>) {
    this.mode = fields.mode;
    this.type = fields.type;
    this.id = fields.id;
    this.want = fields.want;
    this.more = fields.more;
    this.kept = fields.kept;
    this.out = outOf(this as unknown as AnyHandle);
  }

  keep(why: string): Handle {
    return new Handle({ ...this, kept: why });
  }
}

/** The engine's view of a resource that a step declared. */
export function handleOf(resource: Resource<unknown>): AnyHandle {
  return resource as unknown as AnyHandle;
}

/** True for what steps may return: a resource, not one of its outputs. */
export function isResource(value: unknown): value is Resource<unknown> {
  return value instanceof Handle;
}

/** Declares a resource of a type whose id and wish are already apart. */
export function declare<Out>(type: AnyType, mode: Mode, id: unknown, want: unknown, more: More = {}): Resource<Out> {
  return new Handle({ mode, type, id, want, more, kept: undefined }) as unknown as Resource<Out>;
}

export interface Declare<Id, Want, Out> {
  (spec: Id & Inputs<Want>, more?: More): Resource<Out>;
  /** Only read, never written: what an earlier step or somebody else made. */
  existing(id: Id): Resource<Out>;
  readonly type: AnyType;
}

/** Makes the function by which steps declare resources of a type. Write the five type arguments out: `Want` can't be inferred. */
export function resourceType<P extends PortName, Id, Want, Live, Out>(
  type: ResourceType<P, Id, Want, Live, Out>,
): Declare<Id, Want, Out> {
  const any = type as unknown as AnyType;
  const make = (spec: Id & Inputs<Want>, more?: More): Resource<Out> => {
    const { id, want } = split(spec as Record<string, unknown>, type.identity);
    return declare<Out>(any, 'managed', id, want, more);
  };
  return Object.assign(make, { type: any, existing: (id: Id) => declare<Out>(any, 'existing', id, null) });
}

function split(spec: Record<string, unknown>, identity: readonly string[]): { id: unknown; want: unknown } {
  const id: Record<string, unknown> = {};
  const want: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(spec)) (identity.includes(key) ? id : want)[key] = value;
  return { id, want };
}
