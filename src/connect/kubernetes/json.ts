/** A JSON object whose fields aren't known. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; one without fields when it is something else. */
export function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
}

/** The item of a list with this `name`. */
export function namedItem(list: unknown, name: string): Fields {
  return (
    asList(list)
      .map(asFields)
      .find((item) => item.name === name) ?? {}
  );
}
