import type { PreparedUndo } from './undo.ts';

/**
 * Takes the mark of data from what is lost only with things that go earlier in the same undo: a namespace with its claim,
 * a package with those that need it, what an Application deployed. They are asked about themselves.
 * @param entries in the order in which they are undone
 */
export function askOnce(entries: readonly PreparedUndo[]): readonly PreparedUndo[] {
  const gone = new Set<string>();
  return entries.map((undo) => {
    const { change } = undo;
    const { loss } = change;
    const isAnswered =
      loss.is === 'data' && loss.holds !== undefined && loss.holds.every((held) => gone.has(keyIn(undo, held)));
    if (change.verb === 'remove')
      for (const address of [change.address, ...takenAlong(undo)]) gone.add(keyIn(undo, address));
    return isAnswered ? { ...undo, change: { ...change, loss: { is: 'none' } } } : undo;
  });
}

function takenAlong({ type, live }: PreparedUndo): readonly string[] {
  return live === null ? [] : (type.takesAlong?.(live) ?? []);
}

function keyIn({ entry }: PreparedUndo, address: string): string {
  return `${entry.target} ${address}`;
}
