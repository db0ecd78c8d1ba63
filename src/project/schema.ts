import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: true, verbose: true, logger: false });

const compiled = new WeakMap<object, ValidateFunction>();

/**
 * Checks a value against a schema and fills in the schema's own defaults, in place. Keys that a schema doesn't name are errors.
 * @returns what is wrong, in ajv's words
 */
export function validate(schema: object, value: unknown): readonly ErrorObject[] {
  let check = compiled.get(schema);
  if (!check) {
    check = ajv.compile(closed(schema) as object);
    compiled.set(schema, check);
  }
  return check(value) ? [] : (check.errors ?? []);
}

// An intersection can't be closed part by part: each would refuse the keys of the others.
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, inner]) => [key, keepsOpen.has(key) ? inner : closed(inner)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  const isShape = copy.type === 'object' && 'properties' in copy;
  return isShape && !('additionalProperties' in copy) && !('patternProperties' in copy)
    ? { ...copy, additionalProperties: false }
    : copy;
}

const keepsOpen: ReadonlySet<string> = new Set(['allOf', 'default', 'const', 'enum', 'required']);
