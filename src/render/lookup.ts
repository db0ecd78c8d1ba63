import { Secret } from '../model/secret.ts';

/** What a path led to; `missing` says at which part it ended, and which names are there instead. */
export type Found =
  | { readonly is: 'found'; readonly value: unknown }
  | { readonly is: 'missing'; readonly at: number; readonly names: readonly string[] };

/** Finds what a template names: `['devpi', 'port']`. */
export type Lookup = (path: readonly string[]) => Found;

/** Follows a path through data by own properties only: nothing of a prototype can be reached. */
export function follow(data: unknown, path: readonly string[], from = 0): Found {
  let value = data;
  for (const [at, part] of path.entries()) {
    if (at < from) continue;
    if (!isContainer(value) || !Object.hasOwn(value, part)) {
      return { is: 'missing', at, names: isContainer(value) && !Array.isArray(value) ? Object.keys(value) : [] };
    }
    value = (value as Record<string, unknown>)[part];
  }
  return { is: 'found', value };
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Secret);
}
