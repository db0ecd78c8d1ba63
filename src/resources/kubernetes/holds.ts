import { isFields, textAt } from './compare/json.ts';
import type { ObjectId } from './id.ts';

/** What a namespace holds, and the objects of a definition: they are gone with it. */
export function holds({ kind, name }: ObjectId, want: unknown, other: unknown): boolean {
  if (!isFields(other)) return false;
  if (kind === 'Namespace') return other.namespace === name;
  if (kind !== 'CustomResourceDefinition' || !isFields(want)) return false;
  const group = textAt(want, 'spec', 'group');
  return (
    group !== undefined &&
    String(other.apiVersion).startsWith(`${group}/`) &&
    other.kind === textAt(want, 'spec', 'names', 'kind')
  );
}
