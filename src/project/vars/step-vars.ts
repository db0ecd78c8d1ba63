import type { ErrorObject } from 'ajv';
import type { TObject, TSchema } from 'typebox';
import { roleOf } from '../../model/role.ts';
import { reveal, Secret } from '../../model/secret.ts';
import type { Files } from '../yaml/files.ts';
import { keyPlace } from '../yaml/node.ts';
import { validate } from './schema.ts';
import { condensed } from './schema-words.ts';
import { plainSecrets, wrap } from './secret-places.ts';
import { broken, type Values } from './values.ts';
import { pathOf, report, type VarsOrigin } from './vars-problems.ts';

type Path = readonly string[];

/**
 * A step's variables on one target, checked, with their defaults and secrets.
 * @returns null where something is wrong, which is noted
 */
export function stepVars(
  files: Files,
  schema: TObject | undefined,
  values: Values,
  origin: VarsOrigin,
): Record<string, unknown> | null {
  if (!schema) return {};
  const raw = rawVars(schema, values);
  const plain = plainOf(raw, []);
  const name = (path: Path): Path => variablePath(schema, path);
  const errors = condensed(validate(schema, plain.value)).filter(
    (error) => !plain.broken.some((path) => concerns(error, path)),
  );
  for (const error of errors) report(files, { error, raw, name, values, origin });
  const leaks = plainSecrets(schema, raw, []);
  for (const path of leaks) {
    const summary = `${name(path).join('.')} must not be a secret: its role treats it as plain text`;
    files.problems.error(
      'plain-secret',
      summary,
      keyPlace(values.tree, name(path)),
      'declare it as secret() in the role, or write it as plain text',
    );
  }
  if (errors.length > 0 || leaks.length > 0 || plain.broken.length > 0) return null;
  return wrap(schema, plain.value, raw) as Record<string, unknown>;
}

// A role's schema takes its values from the role's key; any other takes each from the top.
function rawVars(schema: TObject, values: Values): unknown {
  const role = roleOf(schema);
  if (role) {
    const node = values.tree.entries.get(role.name)?.node;
    return node ? values.of(node) : {};
  }
  const found: Record<string, unknown> = {};
  for (const [property, inner] of Object.entries(schema.properties)) {
    const linked = roleOf(inner);
    const node = values.tree.entries.get(linked?.name ?? property)?.node;
    if (node) found[property] = values.of(node);
    else if (linked) found[property] = {};
  }
  return found;
}

/** What a path in a step's variables is called in the inventory. */
function variablePath(schema: TObject, path: Path): Path {
  const role = roleOf(schema);
  if (role) return [role.name, ...path];
  const [first = '', ...rest] = path;
  const property = schema.properties[first] as TSchema | undefined;
  return [property ? (roleOf(property)?.name ?? first) : first, ...rest];
}

interface Plain {
  readonly value: unknown;
  readonly broken: readonly Path[];
}

// Secrets are revealed to be checked, and wrapped again.
function plainOf(value: unknown, path: Path): Plain {
  if (value === broken) return { value: undefined, broken: [path] };
  if (value instanceof Secret) return { value: reveal(value), broken: [] };
  if (typeof value !== 'object' || value === null) return { value, broken: [] };
  const parts = Object.entries(value).map(([key, inner]) => [key, plainOf(inner, [...path, key])] as const);
  const found = parts.flatMap(([, part]) => part.broken);
  if (Array.isArray(value)) return { value: parts.map(([, part]) => part.value ?? null), broken: found };
  return {
    value: Object.fromEntries(
      parts.filter(([, part]) => part.value !== undefined).map(([key, part]) => [key, part.value]),
    ),
    broken: found,
  };
}

function concerns(error: ErrorObject, path: Path): boolean {
  const missing = (error.params as { missingProperty?: string }).missingProperty;
  const at = [...pathOf(error), ...(missing === undefined ? [] : [missing])];
  return path.every((part, index) => at[index] === part);
}
