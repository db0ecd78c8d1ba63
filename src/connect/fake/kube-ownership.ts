import { beforeFirstApply } from '../../model/kube.ts';
import {
  dropItem,
  type FieldSet,
  fieldSetOf,
  fromFieldsV1,
  isHolder,
  keySegment,
  reachesInto,
  removeAt,
  toFieldsV1,
  valueAt,
} from './kube-field-set.ts';
import { isObject, isSame, type Mutable, objectAt } from './kube-json.ts';
import { mergingOf } from './kube-schema.ts';

/** Who writes, how, and when. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
  /** ISO 8601. */
  readonly time: string;
}

interface Entry extends Writer {
  readonly fields: FieldSet;
}

/** A field that the applier doesn't own and would change. */
export interface Conflict {
  readonly manager: string;
  readonly member: string;
}

/** Server-side apply: the merged object with its owners, and the conflicts that force overrode. */
export function applyFields(
  live: Mutable | null,
  wish: Mutable,
  writer: Writer,
): { object: Mutable; conflicts: readonly Conflict[] } {
  const kind = String(wish.kind);
  const base = structuredClone(live ?? { apiVersion: wish.apiVersion, kind: wish.kind, metadata: {} });
  const entries = live === null ? [] : ownersBefore(base, writer.time);
  const mine = entries.find((entry) => isBy(entry, writer))?.fields ?? new Set<string>();
  const wished = fieldSetOf(kind, wish);
  const others = entries.filter((entry) => !isBy(entry, writer));
  const conflicts = others.flatMap(({ manager, fields }) =>
    [...wished]
      .filter((member) => fields.has(member) && !isSame(valueAt(base, member), valueAt(wish, member)))
      .map((member) => ({ manager, member })),
  );
  const lost = new Set(conflicts.map(({ member }) => member));
  const kept = others.map((entry) => ({ ...entry, fields: minus(entry.fields, lost) }));
  const object = merge(kind, base, wish, []) as Mutable;
  const left = [wished, ...kept.map(({ fields }) => fields)];
  const given = [...mine].filter((member) => !left.some((set) => set.has(member) || reachesInto(set, member)));
  // Items first: one whose key is gone can't be found by it any more.
  for (const member of given) if (isHolder(member)) dropItem(object, member);
  for (const member of given) if (!isHolder(member)) removeAt(object, member);
  setEntries(object, [...kept, { ...writer, fields: wished }], entries);
  return { object, conflicts };
}

// What nobody owned at the first apply belongs to an owner of that name from then on.
function ownersBefore(live: Mutable, time: string): readonly Entry[] {
  const entries = entriesOf(live);
  if (entries.length > 0) return entries;
  const fields = fieldSetOf(String(live.kind), live);
  return [{ manager: beforeFirstApply, operation: 'Update', time, fields }];
}

/** What any other write does to the owners: who changes a field has it alone, who takes it away takes it from all. */
export function updateFields(live: Mutable | null, next: Mutable, writer: Writer): Mutable {
  const kind = String(next.kind);
  const object = structuredClone(next);
  if (isReset(next)) {
    setEntries(object, [], []);
    return object;
  }
  const given = entriesOf(next);
  const entries = given.length > 0 ? given : entriesOf(live ?? {});
  const before = fieldSetOf(kind, live ?? {});
  const after = fieldSetOf(kind, next);
  const changed = new Set(
    [...after].filter((member) => !before.has(member) || !isSame(valueAt(live ?? {}, member), valueAt(next, member))),
  );
  const gone = minus(before, after);
  const mine = entries.find((entry) => isBy(entry, writer));
  const others = entries
    .filter((entry) => !isBy(entry, writer))
    .map((entry) => ({ ...entry, fields: minus(minus(entry.fields, gone), changed) }));
  const fields = new Set([...minus(mine?.fields ?? new Set(), gone), ...changed]);
  setEntries(
    object,
    [...others, { ...writer, time: changed.size > 0 || !mine ? writer.time : mine.time, fields }],
    entries,
  );
  return object;
}

// One empty entry takes the owners of all fields away; no entry at all leaves them as they are.
function isReset(object: Mutable): boolean {
  const { managedFields } = objectAt(object, 'metadata');
  return Array.isArray(managedFields) && managedFields.length === 1 && isSame(managedFields[0], {});
}

function entriesOf(object: Mutable): readonly Entry[] {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const managed = Array.isArray(metadata.managedFields) ? metadata.managedFields : [];
  return managed.filter(isObject).map((entry) => ({
    manager: String(entry.manager),
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    ...(typeof entry.subresource === 'string' ? { subresource: entry.subresource } : {}),
    time: String(entry.time),
    fields: fromFieldsV1(entry.fieldsV1),
  }));
}

function setEntries(object: Mutable, entries: readonly Entry[], before: readonly Entry[]): void {
  const managedFields = entries
    .filter(({ fields }) => fields.size > 0)
    .map((entry) => {
      const old = before.find((one) => isBy(one, entry));
      const time = old && isSame([...old.fields].sort(), [...entry.fields].sort()) ? old.time : entry.time;
      const { manager, operation, subresource, fields } = entry;
      return {
        manager,
        operation,
        apiVersion: object.apiVersion,
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: toFieldsV1(fields),
        ...(subresource === undefined ? {} : { subresource }),
      };
    });
  objectAt(object, 'metadata').managedFields = managedFields;
}

function isBy(entry: Writer, writer: Writer): boolean {
  return (
    entry.manager === writer.manager && entry.operation === writer.operation && entry.subresource === writer.subresource
  );
}

function minus(a: FieldSet, b: FieldSet): FieldSet {
  return new Set([...a].filter((member) => !b.has(member)));
}

function merge(kind: string, live: unknown, wish: unknown, names: readonly string[]): unknown {
  const merging = mergingOf(kind, names, wish);
  if (isObject(wish) && isObject(live) && merging.as === 'granular') {
    const merged = { ...live };
    for (const [field, value] of Object.entries(wish))
      merged[field] = merge(kind, live[field], value, [...names, field]);
    return merged;
  }
  if (!Array.isArray(wish) || !Array.isArray(live)) return structuredClone(wish);
  if (merging.as === 'set') return [...live, ...wish.filter((item) => !live.includes(item))];
  if (merging.as !== 'keyed') return structuredClone(wish);
  const items = new Map(live.map((item) => [keySegment(item, merging.by), item]));
  for (const item of wish) {
    const key = keySegment(item, merging.by);
    items.set(key, merge(kind, items.get(key), item, names));
  }
  return [...items.values()];
}
