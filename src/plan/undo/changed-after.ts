import type { BaselineEntry, Noted } from '../../model/baseline.ts';
import { isWithin } from '../../model/kube-fields.ts';
import type { AnyType, FieldChange } from '../../model/resource.ts';
import { readerFor } from '../access.ts';
import type { PreparedUndo } from './undo.ts';

/**
 * The fields that differ from what we left. What we created is ours as long as what we asked for still holds, whatever
 * controllers added to it; what was there before must be as we left it, since giving it back overwrites it whole, and what
 * others did between two runs with it.
 */
export async function changedAfterUs(
  { entry, type, id, reach, before }: Omit<PreparedUndo, 'change'>,
  live: unknown,
): Promise<readonly FieldChange[]> {
  if (live === null) return wasRemoved(entry, type) ? [] : [{ path: '(removed)', how: 'update', secret: false }];
  const { after } = entry;
  const since = after.is === 'known' && after.image !== null ? type.compare(decoded(type, after), live) : undefined;
  if (before !== null && since) {
    const between = changedBetweenRuns(entry, type).filter((one) => !touches(since, one));
    return [...between, ...since];
  }
  if (entry.want === null) return [];
  const merged = await type.merge?.(id, entry.want as never, live, readerFor(type.on, reach), {});
  const { changes: all, foreign } = type.diff(live, entry.want as never, merged?.live);
  // That it must start anew is nobody's change.
  const changes = all.filter(({ how }) => how !== 'restart');
  const owned = foreign.map(
    ({ path, owner }): FieldChange => ({ path, how: 'update', secret: false, note: `owned by ${owner}` }),
  );
  return [...changes, ...owned].filter((one) => !since || touches(since, one));
}

// By the run that is taken back: then its absence is as we left it.
function wasRemoved({ after, want }: BaselineEntry, type: AnyType): boolean {
  if (after.is === 'known') return after.image === null;
  return want === null || type.diff(null, want as never).removes === true;
}

/** What others changed between two runs, and no later run took over. */
function changedBetweenRuns({ between = [] }: BaselineEntry, type: AnyType): readonly FieldChange[] {
  return between.flatMap(({ left, found }, i) => {
    const taken = between.slice(i).flatMap(({ found: was, made }) => {
      return made ? type.compare(decoded(type, was), decoded(type, made)) : [];
    });
    return type.compare(decoded(type, left), decoded(type, found)).filter((change) => !touches(taken, change));
  });
}

function touches(changes: readonly FieldChange[], { path }: FieldChange): boolean {
  return changes.some((one) => isWithin(path, one.path) || isWithin(one.path, path));
}

function decoded(type: AnyType, { image, version }: Noted): unknown {
  return image === null ? null : type.codec.decode(image, version);
}
