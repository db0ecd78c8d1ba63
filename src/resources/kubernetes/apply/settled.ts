import { fieldManager, type KubeObject, type ManagedFields } from '../../../model/kube.ts';
import { type Fields, isEqual, isFields } from '../compare/json.ts';
import type { Composed } from './compose.ts';
import { annotations } from './marks.ts';

/**
 * True when applying a wish could not change the object, so that the server needn't be asked: our last apply owns exactly
 * the fields of the wish, no more (they would be removed) and no fewer (somebody took them), and each still has the wished
 * value. Whoever changes a field by any other way takes its ownership from us. In doubt false.
 * @param body the wish as it would be sent, with our label
 */
export function isSettled(live: KubeObject | null, body: KubeObject, { later }: Composed): boolean {
  if (!live || later.size > 0 || live.metadata.deletionTimestamp !== undefined) return false;
  const owned = live.metadata.managedFields?.find(isOurApply);
  if (owned?.fieldsV1 === undefined || owned.apiVersion !== live.apiVersion) return false;
  return fits(withoutMarks(owned.fieldsV1), withoutName(body), live);
}

function isOurApply({ manager, operation, subresource }: ManagedFields): boolean {
  return manager === fieldManager && operation === 'Apply' && subresource === undefined;
}

// Nobody owns what names an object.
function withoutName({ apiVersion: _, kind: _kind, metadata, ...fields }: KubeObject): Fields {
  const { name: _name, namespace: _namespace, ...rest } = metadata;
  return Object.keys(rest).length > 0 ? { ...fields, metadata: rest } : fields;
}

// Writes add these marks; they are part of no wish.
const { applied, run, repaired } = annotations;
const marks: ReadonlySet<string> = new Set([applied, run, repaired].map((key) => `f:${key}`));

function withoutMarks(owned: Fields): Fields {
  const metadata = owned['f:metadata'];
  if (!isFields(metadata) || !isFields(metadata['f:annotations'])) return owned;
  const { 'f:annotations': annotated, ...rest } = metadata;
  const kept = Object.entries(annotated).filter(([field]) => !marks.has(field));
  const others = kept.some(([field]) => field !== '.') ? { ...rest, 'f:annotations': Object.fromEntries(kept) } : rest;
  const { 'f:metadata': _, ...fields } = owned;
  return Object.keys(others).length > 0 ? { ...fields, 'f:metadata': others } : fields;
}

/** Walks what we own (FieldsV1), what we wish and what is there side by side. */
function fits(owned: unknown, want: unknown, live: unknown): boolean {
  if (!isFields(owned)) return false;
  const segments = Object.keys(owned).filter((segment) => segment !== '.');
  // An owned thing without parts is one value: a scalar, or a list or map that is replaced whole.
  if (segments.length === 0) return want !== undefined && (isEqual(want, live) || (live === undefined && isZero(want)));
  if (Array.isArray(want)) return Array.isArray(live) && fitsList(owned, segments, { want, live });
  if (!isFields(want) || !isFields(live)) return false;
  const wished = Object.keys(want).filter((field) => want[field] !== undefined);
  return (
    wished.length === segments.length && wished.every((field) => fits(owned[`f:${field}`], want[field], live[field]))
  );
}

// Built-in kinds keep no zero values, yet we own them; had somebody removed another value, the ownership would be gone too.
function isZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === false || value === null;
}

interface Lists {
  readonly want: readonly unknown[];
  readonly live: readonly unknown[];
}

// Items by key, or members of a set; in the order in which they are wished.
function fitsList(owned: Fields, segments: readonly string[], { want, live }: Lists): boolean {
  if (segments.length !== want.length) return false;
  const places = segments.map((segment) => {
    const [i, j] = [place(want, segment), place(live, segment)];
    if (i === null || j === null) return null;
    const isMember = segment.startsWith('v:');
    return isMember || fits(owned[segment], want[i], live[j]) ? { i, j } : null;
  });
  const found = places.filter((one) => one !== null).toSorted((a, b) => a.i - b.i);
  return found.length === want.length && found.every(({ i, j }, n) => i === n && j > (found[n - 1]?.j ?? -1));
}

/** Where the one item is that a segment names; null where none is, or more than one could be meant. */
function place(items: readonly unknown[], segment: string): number | null {
  if (!/^[kv]:/.test(segment)) return null;
  const key: unknown = JSON.parse(segment.slice(2));
  const isMeant = (item: unknown): boolean => (segment.startsWith('v:') ? isEqual(item, key) : hasKey(item, key));
  const i = items.findIndex(isMeant);
  return i < 0 || items.findLastIndex(isMeant) !== i ? null : i;
}

// A wish may leave out a key field that has a default (a port's protocol); what is there has it.
function hasKey(item: unknown, key: unknown): boolean {
  if (!isFields(item) || !isFields(key)) return false;
  return Object.entries(key).every(([field, value]) => item[field] === undefined || isEqual(item[field], value));
}
