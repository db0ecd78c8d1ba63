import type { BaselineEntry } from '../../model/baseline.ts';
import type { PreparedUndo } from './undo.ts';

/** How one thing is taken back; null: it is out of reach. */
export interface Taking {
  /** By itself: it is looked at. */
  alone(entry: BaselineEntry): Promise<PreparedUndo | null>;
  /** With what it lives in: nobody need be asked. */
  with(entry: BaselineEntry, container: PreparedUndo): PreparedUndo;
}

/**
 * Plans taking things back. What lives in something that goes too isn't taken back by itself: it follows what it lives in.
 * @param entries in undo order
 */
export async function takeTogether(
  entries: readonly BaselineEntry[],
  taking: Taking,
): Promise<readonly PreparedUndo[]> {
  const free = await planAlone(
    entries.filter(({ inside }) => inside === undefined),
    taking,
  );
  const going = new Map([...free].filter(([, { change }]) => change.verb === 'remove').map(named));
  const bound = entries.filter(({ inside }) => inside !== undefined && going.has(keyOf(inside)));
  const rest = entries.filter((entry) => entry.inside !== undefined && !bound.includes(entry));
  const alone = new Map([...free, ...(await planAlone(rest, taking))]);
  return entries.flatMap((entry) => {
    const own = alone.get(entry);
    return own === undefined ? [] : [own, ...within(own).map((inner) => taking.with(inner, own))];
  });

  function within({ entry }: PreparedUndo): readonly BaselineEntry[] {
    return bound.filter(({ inside }) => inside !== undefined && keyOf(inside) === keyOf(entry));
  }
}

async function planAlone(
  entries: readonly BaselineEntry[],
  taking: Taking,
): Promise<ReadonlyMap<BaselineEntry, PreparedUndo>> {
  const planned = await Promise.all(entries.map(async (entry) => [entry, await taking.alone(entry)] as const));
  return new Map(planned.filter((pair): pair is readonly [BaselineEntry, PreparedUndo] => pair[1] !== null));
}

function named([entry, undo]: readonly [BaselineEntry, PreparedUndo]): readonly [string, PreparedUndo] {
  return [keyOf(entry), undo];
}

function keyOf({ target, address }: Pick<BaselineEntry, 'target' | 'address'>): string {
  return `${target} ${address}`;
}
