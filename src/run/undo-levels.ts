import type { PreparedUndo } from '../plan/undo/undo.ts';

/**
 * What can be taken back side by side: neighbours that are cluster objects of one phase. Neighbours on a host are one level
 * as well, but go in order. What looks at the whole world goes alone.
 * @param entries newest first
 */
export function undoLevels(entries: readonly PreparedUndo[]): readonly (readonly PreparedUndo[])[] {
  const levels: PreparedUndo[][] = [];
  for (const undo of entries) {
    const last = levels.at(-1);
    const neighbour = last?.at(-1);
    if (last && neighbour && goTogether(neighbour, undo)) last.push(undo);
    else levels.push([undo]);
  }
  return levels;
}

function goTogether(a: PreparedUndo, b: PreparedUndo): boolean {
  if (a.type.on !== b.type.on) return false;
  return a.type.on === 'host' ? isSameHost(a, b) : a.type.on === 'kubernetes' && phaseOf(a) === phaseOf(b);
}

function isSameHost(a: PreparedUndo, b: PreparedUndo): boolean {
  return a.entry.target === b.entry.target;
}

function phaseOf({ type, id }: PreparedUndo): number {
  return type.phase?.(id) ?? 0;
}
