/** The name most like a wrong one, or undefined where none is like it: for "did you mean". */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wrong.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - wrong.length) >= least) continue;
    // Of names equally near, the one that begins alike.
    const isAlike = name[0]?.toLowerCase() === wrong[0]?.toLowerCase();
    const distance = editsBetween(wrong.toLowerCase(), name.toLowerCase()) + (isAlike ? 0 : 0.5);
    if (distance < least && distance < name.length) [best, least] = [name, distance];
  }
  return best;
}

/** The fewest letters to insert, drop or change; two that changed places count as one. */
function editsBetween(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(Math.min(change, at(row, j) + 1, at(next, j - 1) + 1, isSwap ? at(before, j - 2) + 1 : change));
    }
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
