import { Later } from '../../model/deferred.ts';
import type { FieldChange } from '../../model/resource.ts';
import type { Fields } from './server.ts';

/** What a wish changes of fields; what it leaves out stays. */
export function changesTo(live: Fields, want: Fields): readonly FieldChange[] {
  return Object.entries(want).flatMap(([path, wished]): readonly FieldChange[] => {
    if (wished instanceof Later) return [{ path, how: 'later', secret: false }];
    return wished === undefined || isSame(live[path], wished) ? [] : [field(path, live[path], wished)];
  });
}

/** The fields in which two images differ; null: it isn't there. */
export function compareFields(a: Fields | null, b: Fields | null): readonly FieldChange[] {
  if (a === null || b === null) return a === b ? [] : [field('state', a && 'present', b && 'present')];
  const paths = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return paths.filter((path) => !isSame(a[path], b[path])).map((path) => field(path, a[path], b[path]));
}

/** True for values that are written the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function field(path: string, before: unknown, after: unknown): FieldChange {
  return {
    path,
    how: 'update',
    secret: false,
    ...(before === undefined || before === null ? {} : { before: shown(before) }),
    ...(after === undefined || after === null ? {} : { after: shown(after) }),
  };
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
