import { isObject, type Mutable, objectAt } from './kube-json.ts';
import { mergingOf } from './kube-schema.ts';

/** Members of a FieldsV1 set: ways of `f:`, `k:`, `v:` and `.` segments, joined. */
export type FieldSet = ReadonlySet<string>;

const between = '\u0000';
const notOwned: ReadonlySet<string> = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
]);

/** Every field that an object sets, as server-side apply counts them. */
export function fieldSetOf(kind: string, object: Mutable): FieldSet {
  const found = new Set<string>();
  for (const [field, value] of Object.entries(object)) {
    if (field === 'apiVersion' || field === 'kind') continue;
    if (field !== 'metadata') add(kind, { value, names: [field], way: [`f:${field}`] }, found);
    else if (isObject(value)) addMetadata(kind, value, found);
  }
  return found;
}

function addMetadata(kind: string, metadata: Mutable, found: Set<string>): void {
  for (const [field, value] of Object.entries(metadata)) {
    if (!notOwned.has(field))
      add(kind, { value, names: ['metadata', field], way: ['f:metadata', `f:${field}`] }, found);
  }
}

interface Place {
  readonly value: unknown;
  readonly names: readonly string[];
  readonly way: readonly string[];
}

function add(kind: string, { value, names, way }: Place, found: Set<string>): void {
  const merging = mergingOf(kind, names, value);
  if (Array.isArray(value) && merging.as === 'keyed') {
    for (const item of value) addItem(kind, { value: item, names, way: [...way, keySegment(item, merging.by)] }, found);
  } else if (Array.isArray(value) && merging.as === 'set') {
    for (const item of value) found.add([...way, `v:${JSON.stringify(item)}`].join(between));
  } else if (isObject(value) && merging.as === 'granular' && Object.keys(value).length > 0) {
    for (const [field, inner] of Object.entries(value)) {
      add(kind, { value: inner, names: [...names, field], way: [...way, `f:${field}`] }, found);
    }
  } else found.add(way.join(between));
}

function addItem(kind: string, { value, names, way }: Place, found: Set<string>): void {
  found.add([...way, '.'].join(between));
  if (!isObject(value)) return;
  for (const [field, inner] of Object.entries(value)) {
    add(kind, { value: inner, names: [...names, field], way: [...way, `f:${field}`] }, found);
  }
}

/** `k:{"containerPort":80,"protocol":"TCP"}`. */
export function keySegment(item: unknown, by: readonly string[]): string {
  const fields = isObject(item) ? item : {};
  const key = by.map((field) => [field, fields[field] ?? (field === 'protocol' ? 'TCP' : undefined)]);
  return `k:${JSON.stringify(Object.fromEntries(key.filter(([, value]) => value !== undefined)))}`;
}

export function toFieldsV1(set: FieldSet): Mutable {
  const root: Mutable = {};
  for (const member of [...set].sort()) {
    let node = root;
    for (const segment of member.split(between)) {
      node = objectAt(node, segment);
    }
  }
  return root;
}

export function fromFieldsV1(tree: unknown, way: readonly string[] = []): FieldSet {
  const found = new Set<string>();
  for (const [segment, inner] of isObject(tree) ? Object.entries(tree) : []) {
    const next = [...way, segment];
    if (segment === '.' || !isObject(inner) || Object.keys(inner).length === 0) found.add(next.join(between));
    else for (const member of fromFieldsV1(inner, next)) found.add(member);
  }
  return found;
}

/** True when a set has something inside a member: then its owner gave up that it is empty, and not what it holds. */
export function reachesInto(set: FieldSet, member: string): boolean {
  return [...set].some((other) => other.startsWith(member + between));
}

/** The value of a member; undefined where it isn't there. Of an item as such (`.`): the item's presence. */
export function valueAt(object: Mutable, member: string): unknown {
  let value: unknown = object;
  for (const segment of member.split(between)) {
    if (segment === '.') return value === undefined ? undefined : true;
    value = inside(value, segment);
  }
  return value;
}

/** Takes a member out of an object, and what becomes empty by it. */
export function removeAt(object: Mutable, member: string): void {
  const segments = member.split(between);
  if (segments.at(-1) === '.') return;
  const holders: unknown[] = [object];
  for (const segment of segments.slice(0, -1)) holders.push(inside(holders.at(-1), segment));
  drop(holders.at(-1), segments.at(-1) ?? '');
  for (let i = segments.length - 2; i >= 0; i -= 1) {
    const segment = segments[i] ?? '';
    if (isEmptied(holders[i + 1], segment)) drop(holders[i], segment);
  }
}

// An item stays while it has more than its key.
function isEmptied(value: unknown, segment: string): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && !segment.startsWith('k:') && Object.keys(value).length === 0;
}

/** Takes out keyed items that nobody owns as such any more. */
export function dropItem(object: Mutable, holder: string): void {
  const segments = holder.split(between).slice(0, -1);
  const list = segments.slice(0, -1).reduce<unknown>((value, segment) => inside(value, segment), object);
  drop(list, segments.at(-1) ?? '');
}

export function isHolder(member: string): boolean {
  return member.endsWith(`${between}.`);
}

function inside(value: unknown, segment: string): unknown {
  if (segment.startsWith('f:')) return isObject(value) ? value[segment.slice(2)] : undefined;
  return Array.isArray(value) ? value.find((item) => isItem(item, segment)) : undefined;
}

function drop(holder: unknown, segment: string): void {
  if (segment.startsWith('f:')) {
    if (isObject(holder)) delete holder[segment.slice(2)];
  } else if (Array.isArray(holder)) {
    const at = holder.findIndex((item) => isItem(item, segment));
    if (at >= 0) holder.splice(at, 1);
  }
}

function isItem(item: unknown, segment: string): boolean {
  if (segment.startsWith('v:')) return JSON.stringify(item) === segment.slice(2);
  const key = JSON.parse(segment.slice(2)) as Mutable;
  return keySegment(item, Object.keys(key)) === segment;
}
