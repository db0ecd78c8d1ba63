import type { KubeObject } from '../../../model/kube.ts';
import { addStep } from '../../../model/kube-fields.ts';
import { isFields } from '../compare/json.ts';
import type { ListKeys } from '../compare/list-keys.ts';

/** An object without the fields and items at these paths. */
export function withoutPaths(object: KubeObject, paths: ReadonlySet<string>, keys: ListKeys): KubeObject {
  return take(object, '', { paths, keys }) as KubeObject;
}

interface Gone {
  readonly paths: ReadonlySet<string>;
  readonly keys: ListKeys;
}

function take(value: unknown, path: string, gone: Gone): unknown {
  if (Array.isArray(value)) {
    const names = gone.keys(path, value);
    if (!names) return value;
    const ways = names.map((item) => addStep(path, { item }));
    return value.flatMap((item, i) => {
      const way = ways[i] ?? '';
      return gone.paths.has(way) ? [] : [take(item, way, gone)];
    });
  }
  if (!isFields(value)) return value;
  const entries = Object.entries(value)
    .map(([field, inner]) => ({ field, inner, way: addStep(path, { field }) }))
    .filter(({ way }) => !gone.paths.has(way));
  return Object.fromEntries(entries.map(({ field, inner, way }) => [field, take(inner, way, gone)]));
}
