import type { ListQuery, ObjectRef } from '../../model/kube.ts';
import type { ServedKind } from './discovery.ts';

/** The path of one object. */
export function pathOf({ name, namespace }: ObjectRef, kind: ServedKind): string {
  return `${collectionOf(kind, namespace)}/${encodeURIComponent(name)}`;
}

/** The path of all objects of a kind, in one namespace or in all. */
export function collectionOf({ apiVersion, plural, namespaced }: ServedKind, namespace?: string): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const within = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${within}/${plural}`;
}

/** `?a=b`, nothing where there is nothing to ask. */
export function queryOf(fields: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`;
}

export function selectorsOf({ labelSelector, fieldSelector }: ListQuery): Readonly<Record<string, string | undefined>> {
  return { labelSelector, fieldSelector };
}
