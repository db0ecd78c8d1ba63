import { nearest } from '../model/nearest.ts';

/** A help line for a name that doesn't exist: the nearest one, or else all of them where they are few. */
export function didYouMean(name: string, names: Iterable<string>, where = ''): string | undefined {
  const all = [...names];
  const found = nearest(name, all);
  const suffix = where && `  (${where})`;
  if (found !== undefined) return `did you mean "${found}"?${suffix}`;
  if (all.length === 0 || all.length > 12) return undefined;
  return `there ${all.length === 1 ? 'is only' : 'are'} ${all.join(', ')}${suffix}`;
}
