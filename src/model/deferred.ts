import { Initially } from './initially.ts';
import type { AnyHandle } from './resource.ts';
import { reveal, Secret } from './secret.ts';

declare const held: unique symbol;

/** A value that is known only after something else was made. Pass it on, or `derive` from it. */
export interface Deferred<out X> {
  readonly [held]: X;
}

// [X] extends [Leaf]: no distribution over unions.
type Leaf = string | number | boolean | null | undefined | Uint8Array | Secret;

export type Input<X> = X | Deferred<X>;

/** A spec in which any field may be known later. */
export type Inputs<W> = [W] extends [Leaf] ? Input<W> : Deferred<W> | { readonly [K in keyof W]: Inputs<W[K]> };

/** The outputs of a resource: Deferred as a whole and field by field. */
export type Outs<O> = [O] extends [Leaf] ? Deferred<O> : Deferred<O> & { readonly [K in keyof O]-?: Outs<O[K]> };

/** A spec at planning time: leaves that are known later are `Later`. */
export type Planned<W> = [W] extends [Leaf] ? W | Later : Later | { readonly [K in keyof W]: Planned<W[K]> };

/** Stands in a plan for what is known later, with what it waits for (addresses). */
export class Later {
  readonly from: readonly string[];

  constructor(from: readonly string[]) {
    this.from = from;
  }
}

type DeferredNode =
  | { readonly kind: 'out'; readonly of: AnyHandle; readonly path: readonly string[] }
  | { readonly kind: 'derive'; readonly inputs: readonly unknown[]; readonly compute: (...plain: never[]) => unknown };

const nodes = new WeakMap<object, DeferredNode>();

/** The output of a resource; reading a field of it gives that field, still Deferred. */
export function outOf<O>(of: AnyHandle, path: readonly string[] = []): Outs<O> {
  return deferred({ kind: 'out', of, path }) as unknown as Outs<O>;
}

function deferred(node: DeferredNode): object {
  const target = {};
  const proxy: object = new Proxy(target, {
    get: (_, key) => {
      if (key === 'then' || key === Symbol.toStringTag) return undefined;
      if (key === 'toString' || key === 'toJSON' || key === Symbol.toPrimitive || key === 'valueOf') return refuse;
      if (typeof key === 'symbol' || node.kind !== 'out') return undefined;
      return outOf(node.of, [...node.path, key]);
    },
  });
  nodes.set(proxy, node);
  return proxy;
}

function refuse(): never {
  throw new TypeError(
    'a value that is known later was used as plain text: use text`…${value}…` or derive([value], fn)',
  );
}

export function isDeferred(value: unknown): value is Deferred<unknown> {
  return typeof value === 'object' && value !== null && nodes.has(value);
}

type Unwrapped<I> = I extends Deferred<infer X> ? X : I;
type Plain<X> = X extends Secret ? string : X extends object ? { [K in keyof X]: Plain<X[K]> } : X;
type PlainAll<A extends readonly unknown[]> = { [K in keyof A]: Plain<Unwrapped<A[K]>> };
type HoldsSecret<X> = X extends Secret
  ? true
  : X extends object
    ? true extends HoldsSecret<X[keyof X]>
      ? true
      : false
    : false;
type AnySecret<A extends readonly unknown[]> = true extends { [K in keyof A]: HoldsSecret<Unwrapped<A[K]>> }[number]
  ? true
  : false;
type Tainted<R> = R extends string
  ? Secret
  : R extends number | boolean | null | undefined
    ? R
    : { [K in keyof R]: Tainted<R[K]> };
type Derived<A extends readonly unknown[], R> = Deferred<AnySecret<A> extends true ? Tainted<R> : R>;

/**
 * Computes a value from others, now or later. `compute` sees plain text, also of secrets; if an input held a secret,
 * every string of the result becomes one.
 */
export function derive<const A extends readonly unknown[], R>(
  inputs: A,
  compute: (...plain: PlainAll<A>) => R,
): Derived<A, R> {
  return deferred({ kind: 'derive', inputs, compute: compute as (...plain: never[]) => unknown }) as unknown as Derived<
    A,
    R
  >;
}

type TextPart = Input<string> | Input<number> | Input<Secret>;

/** A text with later values in it: text`redis://:${password}@redis`. A secret in makes a secret out. */
export function text<const A extends readonly TextPart[]>(
  strings: TemplateStringsArray,
  ...parts: A
): Derived<A, string> {
  return derive(parts, (...plain: PlainAll<A>) =>
    strings.reduce((all, part, i) => all + String(plain[i - 1]) + part),
  ) as Derived<A, string>;
}

/** The resources whose outputs a value waits for, at any depth, through `derive`. */
export function sourcesOf(value: unknown): ReadonlySet<AnyHandle> {
  const found = new Set<AnyHandle>();
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Set<AnyHandle>): void {
  if (typeof value !== 'object' || value === null || isLeaf(value)) return;
  const node = nodes.get(value);
  if (node?.kind === 'out') found.add(node.of);
  else for (const inner of node ? node.inputs : Object.values(value)) collect(inner, found);
}

function isLeaf(value: object): boolean {
  return value instanceof Secret || value instanceof Uint8Array || value instanceof Later;
}

/** Answers what a resource gave out; `undefined` when it is not known yet. */
export type OutLookup = (of: AnyHandle) => { readonly out: unknown } | undefined;

/**
 * Replaces everything that is known by its value and the rest by `Later`.
 * @param name how a resource that is waited for is called (its address)
 */
export function resolve(value: unknown, lookup: OutLookup, name: (of: AnyHandle) => string): unknown {
  if (typeof value !== 'object' || value === null || isLeaf(value)) return value;
  const node = nodes.get(value);
  if (node?.kind === 'out') return resolveOut(node.of, node.path, lookup, name);
  if (node) return resolveDerived(node.inputs, node.compute, lookup, name);
  if (Array.isArray(value)) return value.map((item) => resolve(item, lookup, name));
  if (value instanceof Initially) return new Initially(resolve(value.value, lookup, name));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, lookup, name)]));
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function resolveOut(
  of: AnyHandle,
  path: readonly string[],
  lookup: OutLookup,
  name: (of: AnyHandle) => string,
): unknown {
  const known = lookup(of);
  if (!known) return new Later([name(of)]);
  let value: unknown = known.out;
  for (const key of path) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value;
}

function resolveDerived(
  inputs: readonly unknown[],
  compute: (...plain: never[]) => unknown,
  lookup: OutLookup,
  name: (of: AnyHandle) => string,
): unknown {
  const values = inputs.map((input) => resolve(input, lookup, name));
  const waits = laterIn(values);
  if (waits.length > 0) return new Later(waits);
  const taint = { secret: false };
  const plain = values.map((value) => disclose(value, taint));
  const result = compute(...(plain as never[]));
  return taint.secret ? conceal(result) : result;
}

/** The addresses that a resolved value still waits for. */
export function laterIn(value: unknown): readonly string[] {
  if (value instanceof Later) return value.from;
  if (typeof value !== 'object' || value === null || isLeaf(value)) return [];
  return [...new Set(Object.values(value).flatMap(laterIn))];
}

function disclose(value: unknown, taint: { secret: boolean }): unknown {
  if (value instanceof Secret) {
    taint.secret = true;
    return reveal(value);
  }
  return mapLeaves(value, (inner) => disclose(inner, taint));
}

function conceal(value: unknown): unknown {
  return typeof value === 'string' ? new Secret(value) : mapLeaves(value, conceal);
}

function mapLeaves(value: unknown, change: (inner: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || isLeaf(value)) return value;
  if (Array.isArray(value)) return value.map(change);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
}
