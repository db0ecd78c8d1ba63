import type { Inputs } from '../../../model/deferred.ts';

type Plain = string | number | boolean | null | undefined;
type Unreserved<K> = K extends `_${infer Name}` ? Name : K;

/** A model of the official client as it is on the wire: times are text, and `_from` is `from`. */
type Wire<T> = [T] extends [Plain]
  ? T
  : T extends Date
    ? string
    : T extends readonly (infer Item)[]
      ? readonly Wire<Item>[]
      : T extends object
        ? { readonly [K in keyof T as Unreserved<K>]: Wire<T[K]> }
        : T;

/** What a step may say of a part of an object; any value in it may be known later. */
export type Spec<T> = Inputs<Wire<T>>;
