import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

// TypeBox writes the schemas: to check them, ajv would compile the schema of schemas first, each time that Cairn starts.
const ajv = new Ajv({
  allErrors: true,
  strict: false,
  useDefaults: true,
  verbose: true,
  logger: false,
  validateSchema: false,
});

const compiled = new WeakMap<object, ValidateFunction>();

/**
 * Checks a value against a schema and fills in the schema's own defaults, in place. Keys that a schema doesn't name are errors.
 * @returns what is wrong, in ajv's words
 */
export function validate(schema: object, value: unknown): readonly ErrorObject[] {
  let check = compiled.get(schema);
  if (!check) {
    check = ajv.compile(closed(filled(schema)) as object);
    compiled.set(schema, check);
  }
  return check(value) ? [] : (check.errors ?? []);
}

interface Shape {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
}

// Ajv fills in a default only where the map around it is there: one that consists of defaults becomes an empty map first.
function filled(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(filled);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, inner]) => [key, isData.has(key) ? inner : filled(inner)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown> & Shape;
  if (!copy.properties) return copy;
  const properties = Object.entries(copy.properties).map(([key, inner]) => {
    const isImplied = copy.required?.includes(key) && consistsOfDefaults(inner as Shape);
    return [key, isImplied ? { ...(inner as Shape), default: {} } : inner];
  });
  return { ...copy, properties: Object.fromEntries(properties) };
}

function consistsOfDefaults({ properties, required = [], default: own }: Shape): boolean {
  if (own !== undefined || !properties || required.length === 0) return false;
  return required.every((key) => (properties[key] as Shape | undefined)?.default !== undefined);
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

const isData: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'required']);
const keepsOpen: ReadonlySet<string> = new Set(['allOf', ...isData]);
