import { isSecretSchema } from '../../model/role.ts';
import { Secret } from '../../model/secret.ts';

type Path = readonly string[];

interface Shape {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly patternProperties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
  readonly items?: unknown;
  readonly anyOf?: readonly unknown[];
}

function innerSchema(schema: unknown, key: string): unknown {
  const shape = (schema ?? {}) as Shape;
  if (shape.anyOf) return { anyOf: shape.anyOf.map((one) => innerSchema(one, key)) };
  if (shape.items !== undefined)
    return Array.isArray(shape.items) ? (shape.items as unknown[])[Number(key)] : shape.items;
  const pattern = Object.entries(shape.patternProperties ?? {}).find(([one]) => new RegExp(one).test(key));
  return shape.properties?.[key] ?? pattern?.[1] ?? shape.additionalProperties;
}

function takesSecret(schema: unknown): boolean {
  const union = (schema as Shape | undefined)?.anyOf;
  return isSecretSchema(schema) || (union?.some(takesSecret) ?? false);
}

/** Where a secret stands at the place of a plain value. */
export function plainSecrets(schema: unknown, raw: unknown, path: Path): readonly Path[] {
  if (raw instanceof Secret) return takesSecret(schema) ? [] : [path];
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(raw).flatMap(([key, inner]) => plainSecrets(innerSchema(schema, key), inner, [...path, key]));
}

/**
 * A checked value with its secrets as secrets again: those that were, and texts at the places of secrets.
 * @param plain the checked value, in which they are revealed
 * @param raw the same before it was checked
 */
export function wrap(schema: unknown, plain: unknown, raw: unknown): unknown {
  if (raw instanceof Secret) return raw;
  if (typeof plain === 'string' && isSecretSchema(schema)) return new Secret(plain);
  if (Array.isArray(plain))
    return plain.map((item, index) => wrap(innerSchema(schema, String(index)), item, at(raw, [String(index)])));
  if (typeof plain !== 'object' || plain === null) return plain;
  return Object.fromEntries(
    Object.entries(plain).map(([key, inner]) => [key, wrap(innerSchema(schema, key), inner, at(raw, [key]))]),
  );
}

/** The value at the end of a path. */
export function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) found = (found as Record<string, unknown> | null | undefined)?.[part];
  return found;
}
