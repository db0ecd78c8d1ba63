import type { AnyHandle } from '../model/resource.ts';
import type { Prepared } from '../plan/prepare.ts';

/**
 * What a step can do next: cluster objects side by side in phases, things on a host in record order, and what looks at
 * the whole world (actions, gates) alone, after everything before it.
 * @param todo in record order, not empty
 * @param unready written already, but not ready: what uses them waits, the rest goes on
 * @returns empty when everything left waits for something unready
 */
export function nextLevel(todo: readonly Prepared[], unready: ReadonlySet<AnyHandle>): readonly Prepared[] {
  const waiting = new Set([...todo.map(({ resource }) => resource.handle), ...unready]);
  const isFree = ({ resource }: Prepared): boolean => !resource.waitsFor.some((handle) => waiting.has(handle));
  const reads = todo.filter((prepared) => changesNothing(prepared) && isFree(prepared));
  if (reads.length > 0) return reads;
  const objects = lowestPhase(
    todo.filter((prepared) => prepared.resource.handle.type.on === 'kubernetes' && isFree(prepared)),
  );
  if (objects.length > 0) return objects;
  if (unready.size > 0) return [];
  const [first, ...rest] = todo.filter(({ resource }) => resource.handle.type.on !== 'kubernetes');
  if (!first || !isFree(first)) return [firstFree(todo, isFree)];
  if (first.resource.handle.type.on === 'world') return [first];
  const stop = rest.findIndex(
    (prepared) => prepared.resource.handle.type.on === 'world' || mustReadAgain(prepared) || !isFree(prepared),
  );
  return [first, ...(stop < 0 ? rest : rest.slice(0, stop))];
}

function changesNothing({ resource: { handle } }: Prepared): boolean {
  return handle.mode === 'existing' || handle.mode === 'bundle';
}

// What earlier changes may have altered is read again, so they must be written first.
function mustReadAgain({ change }: Prepared): boolean {
  return change.certainty !== 'exact' || change.verb === 'undecided';
}

function lowestPhase(objects: readonly Prepared[]): readonly Prepared[] {
  const lowest = Math.min(...objects.map(({ resource }) => resource.phase));
  return objects.filter(({ resource }) => resource.phase === lowest);
}

function firstFree(todo: readonly Prepared[], isFree: (prepared: Prepared) => boolean): Prepared {
  const free = todo.find(isFree);
  if (!free) throw new Error(`these wait for each other: ${todo.map(({ resource }) => resource.title).join(', ')}`);
  return free;
}
