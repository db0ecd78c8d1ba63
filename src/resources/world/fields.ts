import { Later } from '../../model/deferred.ts';
import type { FieldChange } from '../../model/resource.ts';
import { Secret } from '../../model/secret.ts';

/** The fields of `want` that differ in `live`, by dotted path; what `want` doesn't mention doesn't count. */
export function fieldsOf(live: unknown, want: unknown, path = ''): readonly FieldChange[] {
  if (want instanceof Later) return [{ path: path || '(all)', how: 'later', secret: false }];
  if (isRecord(want) && (isRecord(live) || live === null || live === undefined)) {
    return Object.entries(want).flatMap(([key, value]) =>
      fieldsOf(isRecord(live) ? live[key] : undefined, value, path ? `${path}.${key}` : key),
    );
  }
  if (isEqual(live, want)) return [];
  const secret = want instanceof Secret || live instanceof Secret;
  if (secret) return [{ path, how: 'update', secret }];
  return [{ path, how: 'update', secret, before: show(live), after: show(want) }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a instanceof Secret && b instanceof Secret) return a.fingerprint() === b.fingerprint();
  return JSON.stringify(a) === JSON.stringify(b);
}

function show(value: unknown): string {
  return value === undefined ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
}
