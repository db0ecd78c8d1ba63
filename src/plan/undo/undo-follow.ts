import { isPending } from '../../model/plan.ts';
import type { PreparedUndo } from './undo.ts';

/**
 * What ran before and goes on running is given back after the settings that it is to take, and starts anew then; all else
 * stays where it is.
 * @param entries in undo order
 */
export function afterWhatTheyFollow(entries: readonly PreparedUndo[]): readonly PreparedUndo[] {
  return entries.filter(({ type }) => type.restarts).reduce(moved, entries);
}

function moved(entries: readonly PreparedUndo[], one: PreparedUndo): readonly PreparedUndo[] {
  const last = entries.findLast((other) => isFollowed(one, other));
  if (!last) return entries;
  const { change } = one;
  const again = change.verb === 'unchanged' ? ({ verb: 'restart', why: `after ${last.change.title}` } as const) : {};
  const later: PreparedUndo = { ...one, change: { ...change, ...again } };
  const others = entries.filter((other) => other !== one);
  return others.flatMap((other) => (other === last ? [other, later] : [other]));
}

function isFollowed({ type, id, entry, before, live }: PreparedUndo, other: PreparedUndo): boolean {
  if (before === null || live === null || other.entry.target !== entry.target || !isPending(other.change)) return false;
  return [before, live].every((image) => type.restarts?.follows(id, image as never, other.id) === true);
}
