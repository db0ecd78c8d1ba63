import { addStep } from '../../../model/kube-fields.ts';
import { type Fields, isEqual, isFields } from './json.ts';
import type { ListKeys } from './list-keys.ts';

/** A field in which two values differ; undefined where it is missing. */
export interface Edit {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Every leaf in which two values differ; keyed lists item by item, other lists as one value or by index. */
export function editsBetween(before: unknown, after: unknown, keys: ListKeys, path = ''): readonly Edit[] {
  if (isEqual(before, after)) return [];
  const a = childrenOf(before, after, keys, path);
  const b = childrenOf(after, before, keys, path);
  if (!a || !b) return [{ path, before, after }];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  // An empty map or list that comes or goes has no leaf of its own.
  if (names.length === 0) return [{ path, before, after }];
  return names.flatMap((name) => editsBetween(a.get(name), b.get(name), keys, name));
}

/** The leaves of a value, as edits from nothing. */
export function leavesOf(value: unknown, keys: ListKeys): readonly Edit[] {
  return editsBetween(undefined, value, keys);
}

type Children = ReadonlyMap<string, unknown>;
const none: Children = new Map();

// What is missing has no children; it takes the form of what it is compared with.
function childrenOf(value: unknown, other: unknown, keys: ListKeys, path: string): Children | null {
  if (value === undefined) return isFields(other) || (Array.isArray(other) && keys(path, other)) ? none : null;
  if (isFields(value)) return other === undefined || isFields(other) ? fieldsOf(value, path) : null;
  if (!Array.isArray(value) || !(other === undefined || Array.isArray(other))) return null;
  return itemsOf(value, other, keys, path);
}

function fieldsOf(value: Fields, path: string): Children {
  return new Map(Object.entries(value).map(([field, inner]) => [addStep(path, { field }), inner]));
}

function itemsOf(
  value: readonly unknown[],
  other: readonly unknown[] | undefined,
  keys: ListKeys,
  path: string,
): Children | null {
  const names = keys(path, value);
  if (names && (!other || keys(path, other))) {
    return new Map(names.map((item, i) => [addStep(path, { item }), value[i]]));
  }
  const sameForm = other?.length === value.length && [...value, ...other].every(isFields);
  return sameForm ? new Map(value.map((inner, i) => [addStep(path, { item: String(i) }), inner])) : null;
}
