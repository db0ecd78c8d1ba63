import type { KubeObject } from '../../../model/kube.ts';
import { addStep } from '../../../model/kube-fields.ts';
import { isFields } from '../compare/json.ts';
import type { ListKeys } from '../compare/list-keys.ts';
import type { Composed } from './compose.ts';

/** What the server would probably make of a wish, where it can't be asked: no defaults, no admission, nothing removed. */
export function mergeLocally(live: KubeObject | null, { body, keys }: Composed): KubeObject {
  return live ? (merge(live, body, '', keys) as KubeObject) : body;
}

function merge(live: unknown, wish: unknown, path: string, keys: ListKeys): unknown {
  if (isFields(live) && isFields(wish)) {
    const merged = Object.entries(wish).map(([field, value]) => {
      return [field, merge(live[field], value, addStep(path, { field }), keys)];
    });
    return { ...live, ...Object.fromEntries(merged) };
  }
  if (!Array.isArray(live) || !Array.isArray(wish)) return wish;
  const liveNames = keys(path, live);
  const names = keys(path, wish);
  if (!liveNames || !names) return wish;
  const items = new Map<string, unknown>(liveNames.map((name, i) => [name, live[i]]));
  names.forEach((name, i) => {
    items.set(name, merge(items.get(name), wish[i], addStep(path, { item: name }), keys));
  });
  return [...items.values()];
}
