import { createHmac } from 'node:crypto';
import { Later } from '../model/deferred.ts';
import type { Prints } from '../model/saved-plan.ts';
import { reveal, Secret } from '../model/secret.ts';

/** A keyed fingerprint of any value, 16 hex digits. Order of keys doesn't count, and functions are left out. */
export type Print = (value: unknown) => string;

export function printWith(key: string): Print {
  return (value) =>
    createHmac('sha256', key)
      .update(JSON.stringify(plain(value)) ?? '')
      .digest('hex')
      .slice(0, 16);
}

/** The fingerprint of every leaf of a value, by dotted path. */
export function printsOf(value: unknown, print: Print): Prints {
  return Object.fromEntries(leavesOf(value, '').map(([path, leaf]) => [path, print(leaf)]));
}

/** Every leaf of plain data, by dotted path. Lists are leaves. */
export function leavesOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function plain(value: unknown): unknown {
  if (value instanceof Secret) return { secret: reveal(value) };
  if (value instanceof Later) return { later: value.from };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(plain);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && typeof inner !== 'function');
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, plain(inner)]);
}
