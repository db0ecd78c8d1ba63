/** A JSON object that the fake may change; it never hands one out without copying. */
export type Mutable = { [field: string]: unknown };

export function isObject(value: unknown): value is Mutable {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at a field, made when it isn't there. */
export function objectAt(value: Mutable, field: string): Mutable {
  const inner = value[field];
  if (isObject(inner)) return inner;
  const made: Mutable = {};
  value[field] = made;
  return made;
}

export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) => {
      if (!isObject(inner)) return inner;
      return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? 'undefined'
  );
}
