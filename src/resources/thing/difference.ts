import { laterIn } from '../../model/deferred.ts';
import type { Difference, FieldChange } from '../../model/resource.ts';
import { type Fields, isSame, leavesOf } from './fields.ts';

/** True for a path whose value is never shown. */
export type IsSecret = (path: string) => boolean;

/** What a wish would change; parts of it that aren't known yet come later. */
export function differenceTo(live: Fields | null, wanted: Fields, isSecret: IsSecret): Difference {
  const before = live === null ? new Map<string, unknown>() : leavesOf(live);
  const changes = [...leavesOf(wanted)].flatMap(([path, after]): FieldChange[] => {
    if (laterIn(after).length > 0) return [{ path, how: 'later', secret: isSecret(path) }];
    return isSame(before.get(path), after) ? [] : [changeOf(path, before.get(path), after, isSecret)];
  });
  if (live !== null || changes.length > 0) return { changes, foreign: [] };
  return { changes: [presence(null, wanted)], foreign: [] };
}

/** The fields in which two images differ. */
export function compareFields(a: Fields | null, b: Fields | null, isSecret: IsSecret): readonly FieldChange[] {
  if (a === null || b === null) return a === b ? [] : [presence(a, b)];
  const [before, after] = [leavesOf(a), leavesOf(b)];
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths
    .filter((path) => !isSame(before.get(path), after.get(path)))
    .map((path) => changeOf(path, before.get(path), after.get(path), isSecret));
}

function presence(before: Fields | null, after: Fields | null): FieldChange {
  const word = (of: Fields | null): string => (of ? 'present' : 'absent');
  return { path: 'state', how: 'update', secret: false, before: word(before), after: word(after) };
}

function changeOf(path: string, before: unknown, after: unknown, isSecret: IsSecret): FieldChange {
  if (isSecret(path)) return { path, how: 'update', secret: true };
  return {
    path,
    how: 'update',
    secret: false,
    ...(before === undefined ? {} : { before: shown(before) }),
    ...(after === undefined ? {} : { after: shown(after) }),
  };
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
