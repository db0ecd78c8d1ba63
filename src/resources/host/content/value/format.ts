import { isDeepStrictEqual } from 'node:util';
import { CairnError, problem } from '../../../../model/diagnostic.ts';

/** Where a value lies in its file: keys of maps, places in lists (from 0). */
export type ValuePath = readonly [string | number, ...(string | number)[]];

/** Characters of a text, from and to (not included). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What goes with something that is taken out, and what is left in its place: comments. */
export interface Slice extends Range {
  readonly left?: string;
}

/** Text that is put in, at a place or instead of what is there up to another. */
export interface Insertion {
  readonly at: number;
  readonly to?: number;
  readonly text: string;
}

/** What is at a path, or where it would go. */
export interface Spot {
  /** The value with the space before it. */
  readonly value?: Range & { readonly data: unknown };
  /** What goes when it is taken out: key, value, and what stands between it and the one before. */
  readonly slice?: Slice;
  /** The key before it in its map. */
  readonly previous?: string;
  /** Where the slice of the one before it ends, or its map begins. */
  readonly origin: number;
  /** How many of the maps that it lies in are missing. */
  readonly missing: number;
  /** How many entries a map holds that is no value by itself: a section of INI. */
  readonly entries?: number;
  /** The value's range begins at the colon of its key. */
  readonly isSpaced?: true;
  /** TOML: a table that can't be replaced as a whole. */
  readonly isTable?: true;
  /** What puts a value in that isn't there. */
  insert(data: unknown): Insertion;
}

/** A file format, as edits on its text. */
export interface Format {
  /** `YAML` */
  readonly title: string;
  /** @param previous the key behind which the value used to be. Throws with the reason when the text is not understood */
  spot(text: string, at: ValuePath, previous?: string): Spot;
  /** A value as it takes the place of another, with the space before it. */
  source(data: unknown, spot: Spot): string;
  /** A value as it reads back, where the format knows fewer sorts. */
  asRead?(data: unknown): unknown;
}

/** A value as it was found, with everything that puts it back. JSON data. */
export interface FoundValue {
  readonly data: unknown;
  readonly raw: string;
  readonly slice: string;
  /** What stayed in the place of the slice. */
  readonly left?: string;
  readonly between: string;
  readonly previous?: string;
}

function splice(text: string, { from, to }: Range, by: string): string {
  return text.slice(0, from) + by + text.slice(to);
}

/** What is at a path; a number of missing maps, or null, when nothing is. */
export function findValue(format: Format, text: string, at: ValuePath): FoundValue | number | null {
  const { value, slice, origin, missing, previous } = format.spot(text, at);
  if (!value) return missing === 0 ? null : missing;
  const from = slice?.from ?? value.from;
  return {
    data: value.data,
    raw: text.slice(value.from, value.to),
    slice: slice ? text.slice(slice.from, slice.to) : '',
    ...(slice?.left === undefined ? {} : { left: slice.left }),
    between: text.slice(origin, Math.max(origin, from)),
    ...(previous === undefined ? {} : { previous }),
  };
}

/** The text with the value in it. */
export function putValue(format: Format, text: string, at: ValuePath, data: unknown): string {
  const spot = format.spot(text, at);
  if (spot.value) return splice(text, spot.value, format.source(data, spot));
  const { at: from, to = from, text: added } = spot.insert(data);
  return splice(text, { from, to }, added);
}

/** The text with what was found before; null takes the value out, and those of `missing` maps around it that it leaves empty. */
export function giveBackValue(
  format: Format,
  text: string,
  at: ValuePath,
  { before, missing }: { readonly before: FoundValue | null; readonly missing: number },
): string {
  if (before) return putBack(format, text, at, before);
  const now = format.spot(text, at);
  if (!now.value) return text;
  const levels = emptied(format, text, { at, missing });
  const outer = format.spot(text, above(at, levels)).slice ?? now.slice;
  if (outer) {
    const left = splice(text, outer, outer.left ?? '');
    return missing >= at.length && /^\s*\{\s*\}\s*$/.test(left) ? '' : left;
  }
  throw new CairnError(
    problem('no-edit', `${showPath(at)} can't be taken out: it is part of a list`, {
      help: 'declare the whole list, or take it out by hand',
    }),
  );
}

// To its old place as it was written; to the end of its map where its neighbours have changed.
function putBack(format: Format, text: string, at: ValuePath, before: FoundValue): string {
  const now = format.spot(text, at, before.previous);
  if (now.value) return splice(text, now.value, before.raw);
  const from = now.origin + (text.startsWith(before.between, now.origin) ? before.between.length : 0);
  const to = from + (before.left !== undefined && text.startsWith(before.left, from) ? before.left.length : 0);
  const back = splice(text, { from, to }, before.slice);
  return holds(format, back, { at, data: before.data }) ? back : putValue(format, text, at, before.data);
}

function holds(format: Format, text: string, { at, data }: { at: ValuePath; data: unknown }): boolean {
  try {
    return isDeepStrictEqual(format.spot(text, at).value?.data, data);
  } catch {
    return false;
  }
}

// How many of the maps around it hold nothing else. The outermost one is the file's own.
function emptied(format: Format, text: string, { at, missing }: { at: ValuePath; missing: number }): number {
  const most = Math.min(missing, at.length - 1);
  for (let levels = 0; levels < most; levels += 1) {
    if (entriesOf(format.spot(text, above(at, levels + 1))) > 1) return levels;
  }
  return most;
}

function entriesOf({ entries, value }: Spot): number {
  return entries ?? Object.keys(Object(value?.data)).length;
}

function above([first, ...rest]: ValuePath, levels: number): ValuePath {
  return [first, ...rest.slice(0, rest.length - levels)];
}

/** A path for people: `log-opts.max-size`, `users[0]`. */
export function showPath(at: ValuePath): string {
  return at.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${key}`)).join('');
}
