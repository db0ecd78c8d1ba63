import { isObject, type Mutable } from '../../../src/connect/fake/kube-json.ts';

/**
 * Sets a field by its path as plans print it: `spec.containers[redis].image`, `data[tls.crt]`; undefined and null take it away.
 * @throws Error when the path leads nowhere
 */
export function setField(object: Mutable, path: string, value: unknown): void {
  const names = (path.match(/\[[^\]]+\]|[^.[\]]+/g) ?? []).map((name) => name.replace(/^\[|\]$/g, ''));
  const last = names.pop();
  const holder = names.reduce<unknown>((inner, name) => fieldOf(inner, name), object);
  if (last === undefined || !isObject(holder)) throw new Error(`${path} leads nowhere`);
  if (value === null || value === undefined) delete holder[last];
  else holder[last] = value;
}

// A list item goes by the value of its key.
function fieldOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.find((item) => isObject(item) && Object.values(item).includes(name));
  if (!isObject(value)) return undefined;
  value[name] ??= {};
  return value[name];
}
