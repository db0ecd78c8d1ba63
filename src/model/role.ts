import { type TUnsafe, Unsafe } from 'typebox';
import type { Input } from './deferred.ts';
import type { Secret } from './secret.ts';

// Annotations in the schema itself: they survive TypeBox's copies, as in T.Optional(devpi.vars).
const roleKeyword = 'x-cairn-role';
const secretKeyword = 'x-cairn-secret';

/** What a schema knows of the role it belongs to. */
export interface RoleLink {
  /** The key of its variables. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

/** The key of a role's variables: the last segment of its folder in camelCase, `ephemeral_redis` → `ephemeralRedis`. */
export function namespaceOf(folder: string): string {
  const last = folder.slice(folder.lastIndexOf('/') + 1);
  return last.replace(/[-_]+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The schema options that tie a role's variables to its folder. */
export function roleOptions(folder: string): Readonly<Record<string, unknown>> {
  return { [roleKeyword]: folder };
}

/** The role that a schema belongs to, if any. */
export function roleOf(schema: object): RoleLink | undefined {
  const folder = (schema as Readonly<Record<string, unknown>>)[roleKeyword];
  return typeof folder === 'string' ? { name: namespaceOf(folder), folder } : undefined;
}

/** The schema of a variable that must stay secret. A plain text in YAML is taken too, and is secret from then on. */
export function secret(): TUnsafe<Input<Secret>> {
  return Unsafe<Input<Secret>>({ type: 'string', minLength: 1, [secretKeyword]: true });
}

/** True for schemas made by `secret()`. */
export function isSecretSchema(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && secretKeyword in schema;
}
