import { join } from 'node:path';
import type { ErrorObject } from 'ajv';
import type { TObject, TSchema } from 'typebox';
import type { Source } from '../model/diagnostic.ts';
import { isSecretSchema, roleOf } from '../model/role.ts';
import { reveal, Secret } from '../model/secret.ts';
import { type Files, shown } from './files.ts';
import { didYouMean } from './nearest.ts';
import { keyPlace, nodeAt } from './node.ts';
import { validate } from './schema.ts';
import { condensed, wordsOf } from './schema-words.ts';
import { broken, type Values } from './values.ts';

type Path = readonly string[];

/** Where the variables of a step come from. */
export interface VarsOrigin {
  /** Where to point when a variable stands nowhere: the component in its playbook. */
  readonly place: Source;
  /** The inventory, for people. */
  readonly inventory: string;
}

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
export function variablePath(schema: TObject, path: Path): Path {
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

function pathOf({ instancePath }: ErrorObject): Path {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

interface Wrong {
  readonly error: ErrorObject;
  readonly raw: unknown;
  readonly name: (path: Path) => Path;
  readonly values: Values;
  readonly origin: VarsOrigin;
}

function report(files: Files, wrong: Wrong): void {
  const { error, name, values } = wrong;
  const path = pathOf(error);
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  if (params.missingProperty !== undefined) {
    reportMissing(files, wrong, name([...path, params.missingProperty]));
    return;
  }
  if (params.additionalProperty !== undefined) {
    const full = name([...path, params.additionalProperty]);
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    const role = roleOf(error.parentSchema ?? {});
    const where = role && shown(files, join(role.folder, 'index.ts'));
    const summary = `unknown key "${params.additionalProperty}" in ${name(path).join('.')}`;
    files.problems.error(
      'unknown-key',
      summary,
      keyPlace(values.tree, full),
      didYouMean(params.additionalProperty, known, where),
    );
    return;
  }
  const full = name(path);
  const source = nodeAt(values.tree, full)?.source ?? keyPlace(values.tree, full);
  const isSecret = isSecretSchema(error.parentSchema);
  const is = isSecret ? '[secret]' : JSON.stringify(at(wrong.raw, path));
  const code = error.keyword === 'type' ? 'wrong-type' : 'invalid-value';
  files.problems.error(code, `${full.join('.')} ${wordsOf(error)}, is ${is}`, source);
}

function reportMissing(files: Files, { values, origin, error }: Wrong, path: Path): void {
  const holder = nodeAt(values.tree, path.slice(0, -1));
  const isWritten = path.length > 1 && holder !== undefined && holder.layer !== 'default';
  const source = isWritten ? keyPlace(values.tree, path.slice(0, -1)) : origin.place;
  const missing = path.at(-1) ?? '';
  const inner = (error.parentSchema as { properties?: Record<string, { description?: string }> } | undefined)
    ?.properties?.[missing];
  const what = inner?.description === undefined ? '' : ` (${inner.description})`;
  const help = `set it in ${origin.inventory}/group_vars/all.yaml or in the playbook`;
  files.problems.error('missing-variable', `${path.join('.')} is not set${what}`, source, help);
}

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) found = (found as Record<string, unknown> | null | undefined)?.[part];
  return found;
}

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

function plainSecrets(schema: unknown, raw: unknown, path: Path): readonly Path[] {
  if (raw instanceof Secret) return takesSecret(schema) ? [] : [path];
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(raw).flatMap(([key, inner]) => plainSecrets(innerSchema(schema, key), inner, [...path, key]));
}

function wrap(schema: unknown, plain: unknown, raw: unknown): unknown {
  if (raw instanceof Secret) return raw;
  if (typeof plain === 'string' && isSecretSchema(schema)) return new Secret(plain);
  if (Array.isArray(plain))
    return plain.map((item, index) => wrap(innerSchema(schema, String(index)), item, at(raw, [String(index)])));
  if (typeof plain !== 'object' || plain === null) return plain;
  return Object.fromEntries(
    Object.entries(plain).map(([key, inner]) => [key, wrap(innerSchema(schema, key), inner, at(raw, [key]))]),
  );
}
