import { fieldManager, type KubeObject, type ManagedFields } from '../../../model/kube.ts';
import { addSegment, isWithin, splitPath } from '../../../model/kube-fields.ts';
import { type Fields, isFields } from '../compare/json.ts';

/**
 * An object that differs in its owners only: these fields are ours alone, so that our next apply, which leaves them out,
 * removes them. Null where the owners' sets don't say how a path is written.
 */
export function ownedByUs(object: KubeObject, paths: readonly string[]): KubeObject | null {
  const { managedFields = [] } = object.metadata;
  const ours = managedFields.find(isOurApply) ?? newEntry(object);
  let owned: Fields = ours.fieldsV1 ?? {};
  for (const path of paths) {
    const way = wayTo(path, managedFields);
    if (!way) return null;
    owned = withMember(owned, way);
  }
  const others = managedFields
    .filter((entry) => entry !== ours)
    .map((entry) => ({ ...entry, fieldsV1: withoutMembers(entry.fieldsV1 ?? {}, paths, '') }))
    .filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0);
  return { ...object, metadata: { ...object.metadata, managedFields: [...others, { ...ours, fieldsV1: owned }] } };
}

// Of something that we adopt.
function newEntry({ apiVersion }: KubeObject): ManagedFields {
  const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return { manager: fieldManager, operation: 'Apply', apiVersion, time, fieldsType: 'FieldsV1' };
}

function isOurApply({ manager, operation, subresource }: ManagedFields): boolean {
  return manager === fieldManager && operation === 'Apply' && subresource === undefined;
}

// The segments of a path, as some owner's set has them; plain fields that nobody owns speak for themselves.
function wayTo(path: string, entries: readonly ManagedFields[]): readonly string[] | null {
  const ways = entries.map(({ fieldsV1 }) => follow(fieldsV1, path, ''));
  const [longest = []] = ways.toSorted((a, b) => b.length - a.length);
  const rest = splitPath(path).slice(longest.length);
  return rest.some((step) => step.startsWith('[')) ? null : [...longest, ...rest.map((step) => `f:${step}`)];
}

function follow(tree: unknown, path: string, at: string): readonly string[] {
  for (const [segment, inner] of isFields(tree) ? Object.entries(tree) : []) {
    const next = segment === '.' ? undefined : addSegment(at, segment);
    if (next !== undefined && isWithin(path, next)) return [segment, ...follow(inner, path, next)];
  }
  return [];
}

function withMember(tree: Fields, [segment, ...rest]: readonly string[]): Fields {
  if (segment === undefined) return tree;
  const inner = tree[segment];
  if (rest.length === 0) return { ...tree, [segment]: {} };
  // What was owned as a whole stays owned as such.
  const held = isFields(inner) ? inner : {};
  return { ...tree, [segment]: withMember(held, rest) };
}

function withoutMembers(tree: Fields, paths: readonly string[], at: string): Fields {
  const kept = Object.entries(tree).flatMap(([segment, inner]): readonly (readonly [string, unknown])[] => {
    if (segment === '.') return [[segment, inner]];
    const next = addSegment(at, segment);
    if (paths.some((path) => isWithin(next, path))) return [];
    if (!isFields(inner) || Object.keys(inner).length === 0) return [[segment, inner]];
    const left = withoutMembers(inner, paths, next);
    return Object.keys(left).length > 0 ? [[segment, left]] : [];
  });
  return Object.fromEntries(kept);
}
