import type { Entry } from '../../model/journal.ts';
import { baseline } from './baseline.ts';

/** A copy of a large file that its host kept before a run overwrote it. */
export interface KeptCopy {
  readonly path: string;
  readonly sha256: string;
}

const day = 24 * 60 * 60 * 1000;

/**
 * The copies on hosts that nothing needs any more, by the target's id: older than so many days, and no before-image of the baseline,
 * to which undo always finds back. Pure.
 * @param now ISO 8601
 */
export function oldCopies(
  entries: readonly Entry[],
  days: number,
  now: string,
): ReadonlyMap<string, readonly KeptCopy[]> {
  const since = Date.parse(now) - days * day;
  const needed = new Set(baseline(entries).flatMap(({ target, id, before }) => keyOf(target, copyOf(id, before))));
  const old = new Map<string, Map<string, KeptCopy>>();
  for (const entry of entries) {
    if (entry.is !== 'intent') continue;
    for (const { id, before } of entry.intents) {
      const copy = copyOf(id, before);
      const [key] = keyOf(entry.target, copy);
      if (!copy || key === undefined) continue;
      if (Date.parse(entry.at) >= since) needed.add(key);
      else old.set(entry.target, (old.get(entry.target) ?? new Map()).set(key, copy));
    }
  }
  const left = [...old].map(
    ([target, copies]) => [target, [...copies].filter(([key]) => !needed.has(key)).map(([, copy]) => copy)] as const,
  );
  return new Map(left.filter(([, copies]) => copies.length > 0));
}

// The image of a file whose content was too large for the journal.
function copyOf(id: unknown, before: unknown): KeptCopy | undefined {
  const { path, at } = (id ?? {}) as { readonly path?: unknown; readonly at?: unknown };
  const { kind, sha256, content } = (before ?? {}) as Readonly<Record<string, unknown>>;
  const where = typeof path === 'string' ? path : at;
  if (kind !== 'file' || typeof sha256 !== 'string' || content !== undefined || typeof where !== 'string')
    return undefined;
  return { path: where, sha256 };
}

function keyOf(target: string, copy: KeptCopy | undefined): readonly string[] {
  return copy ? [`${target} ${copy.path} ${copy.sha256}`] : [];
}
