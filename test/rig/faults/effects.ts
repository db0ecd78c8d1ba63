import type { Seen } from './proxy.ts';
import { generic } from './snapshot.ts';

/** What writes left, each counted once, by path; the lock renews itself as long as it is held. */
export function effectsOf(seen: readonly Seen[]): ReadonlyMap<string, number> {
  const marks = new Map<string, Set<string>>();
  for (const { method, path, done } of seen) {
    if (method === 'GET' || path.includes('dryRun=All') || path.includes('/leases')) continue;
    const [at = ''] = path.split('?');
    for (const { mark } of done) if (mark !== undefined) marks.set(at, (marks.get(at) ?? new Set()).add(mark));
  }
  return new Map([...marks].map(([path, set]) => [path, set.size]));
}

export function oftener(expected: ReadonlyMap<string, number>, found: ReadonlyMap<string, number>): readonly string[] {
  const allowed = new Map([...expected].map(([path, count]) => [generic(path), count]));
  return [...found]
    .filter(([path, count]) => count > (allowed.get(generic(path)) ?? 0))
    .map(([path, count]) => `${path} took effect ${count} times instead of ${allowed.get(generic(path)) ?? 0}`);
}
