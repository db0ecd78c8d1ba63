/** A representation of an API, or a part of one. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What Keycloak shows in place of a secret: unknown, and never written back. */
const mask = '**********';

/**
 * One form for what means the same: what is empty is left out, as Keycloak does by turns; lists are sets, which it gives in
 * any order.
 */
export function normal(value: unknown): unknown {
  if (value === null || value === '' || value === mask) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(normal);
    if (items.length === 0) return undefined;
    return items.every((item) => typeof item === 'string') ? [...new Set(items)].sort() : items;
  }
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, normal(inner)] as const);
  const kept = entries.filter(([, inner]) => inner !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** `normal` of a representation. */
export function normalFields(fields: Fields): Fields {
  return (normal(fields) ?? {}) as Fields;
}

/** Every value with its path: `redirectUris`, `attributes[pkce.code.challenge.method]`. Lists are values. */
export function leavesOf(fields: Fields, under = ''): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(fields)) {
    const path = pathTo(under, key);
    if (isPlain(value)) for (const [inner, leaf] of leavesOf(value, path)) found.set(inner, leaf);
    else if (value !== undefined) found.set(path, value);
  }
  return found;
}

export function pathTo(under: string, key: string): string {
  if (under === '') return key;
  return /^[\w-]+$/.test(key) ? `${under}.${key}` : `${under}[${key}]`;
}

// Secrets and values that are known later are values, not parts of the tree.
export function isPlain(value: unknown): value is Fields {
  return isFields(value) && Object.getPrototypeOf(value) === Object.prototype;
}

/** The value at a path of plain keys: `clientRoles.web`. */
export function at(fields: Fields, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isFields(value) ? value[key] : undefined), fields);
}

/** `over` on top of `base`, maps key by key. */
export function merged(base: Fields, over: Fields): Fields {
  const entries = Object.entries(over).map(([key, value]) => {
    const old = base[key];
    return [key, isPlain(value) && isPlain(old) ? merged(old, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(entries) };
}

/** The top-level fields in which `to` differs, as a PUT must say them: what went is emptied, in maps as well. */
export function changedFields(from: Fields, to: Fields): Fields {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const changed = keys.filter((key) => !isSame(from[key], to[key]));
  return Object.fromEntries(changed.map((key) => [key, emptied(from[key], to[key])]));
}

function emptied(from: unknown, to: unknown): unknown {
  if (isPlain(from)) {
    const gone = Object.keys(from).filter((key) => !isPlain(to) || to[key] === undefined);
    return { ...(isPlain(to) ? to : {}), ...Object.fromEntries(gone.map((key) => [key, ''])) };
  }
  if (to !== undefined) return to;
  return Array.isArray(from) ? [] : typeof from === 'string' ? '' : null;
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
