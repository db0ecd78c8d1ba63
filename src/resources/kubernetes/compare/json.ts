/** A JSON object whose fields aren't known. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Equal as JSON: order of keys doesn't count, absent equals undefined. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  }
  if (!isFields(a) || !isFields(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isEqual(a[key], b[key]));
}

/** The value at plain field names; undefined where a part of the way is missing. */
export function at(value: unknown, ...fields: readonly string[]): unknown {
  return fields.reduce<unknown>((inner, field) => (isFields(inner) ? inner[field] : undefined), value);
}

export function textAt(value: unknown, ...fields: readonly string[]): string | undefined {
  const found = at(value, ...fields);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...fields: readonly string[]): number | undefined {
  const found = at(value, ...fields);
  return typeof found === 'number' ? found : undefined;
}

export function listAt(value: unknown, ...fields: readonly string[]): readonly unknown[] {
  const found = at(value, ...fields);
  return Array.isArray(found) ? found : [];
}
