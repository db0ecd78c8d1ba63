import { parse, TomlDate } from 'smol-toml';
import { type Format, type Insertion, type Slice, type Spot, showPath, type ValuePath } from './format.ts';
import { scanToml, type TomlNode, type TomlPair, type TomlSection } from './toml-scan.ts';

/**
 * TOML 1.0. A library says what the text means; what is here only finds the places, so that comments, order and space of
 * everything else stay. Dates read as their text. A table with a header of its own is taken out, but not replaced, as a whole.
 */
export const toml: Format = { title: 'TOML', spot: spotIn, source };

type Path = readonly (string | number)[];

function source(data: unknown, spot: Spot): string {
  if (spot.isTable) throw new Error('it is a table with a header: name its values one by one');
  return inline(data);
}

function inline(data: unknown): string {
  if (typeof data === 'string') return JSON.stringify(data).replaceAll('\x7f', '\\u007f');
  if (typeof data === 'number' || typeof data === 'boolean') return String(data);
  if (Array.isArray(data)) return `[${data.map(inline).join(', ')}]`;
  if (typeof data !== 'object' || data === null) throw new Error('TOML has no null');
  const pairs = Object.entries(data).map(([key, value]) => `${keyText(key)} = ${inline(value)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : inline(key);
}

function spotIn(text: string, at: ValuePath, previous?: string): Spot {
  const { data, missing } = lookUp(plain(parse(text.replace(/^\ufeff/, ''))), at);
  const sections = scanToml(text);
  if (missing > 0) return gap({ text, sections, at, missing: missing - 1, previous });
  for (const section of sections) {
    for (const [index, pair] of section.pairs.entries()) {
      const full = [...section.keys, ...pair.keys];
      if (!startsWith(at, full)) continue;
      if (full.length < at.length) return within(pair.value, at.slice(full.length), data);
      const before = section.pairs[index - 1];
      return {
        value: { from: pair.value.from, to: pair.value.to, data },
        slice: pairSlice(text, section, { pair, sections }),
        ...(before ? { previous: nameOf(before) } : {}),
        origin: before ? lineEnd(text, before.value.to) : bodyOf(text, section),
        missing: 0,
        insert: nothing,
      };
    }
  }
  return tableSpot({ text, sections, at, data });
}

// JSON data of what a library read.
function plain(data: unknown): unknown {
  if (data instanceof TomlDate) return data.toISOString();
  if (Array.isArray(data)) return data.map(plain);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, plain(value)]));
}

// What is there, and how many names of the path lead nowhere.
function lookUp(root: unknown, at: ValuePath): { readonly data?: unknown; readonly missing: number } {
  let data = root;
  for (const [depth, key] of at.entries()) {
    if (typeof key === 'number') {
      if (!Array.isArray(data)) throw new Error(`${showPath(at)} is no place in a list`);
      if (key >= data.length) throw new Error(`the list has no place ${key}: ${showPath(at)}`);
      data = data[key];
      continue;
    }
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      throw new Error(`${showPath(at)} lies in what is no map`);
    if (!Object.hasOwn(data, key)) return { missing: at.length - depth };
    data = (data as Record<string, unknown>)[key];
  }
  return { data, missing: 0 };
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, index) => path[index] === key);
}

function nameOf({ keys }: TomlPair): string {
  return keys.map(keyText).join('.');
}

function nothing(): never {
  throw new Error('nothing can be put in here');
}

// A value that lies in brackets or braces.
function within(node: TomlNode, rest: Path, data: unknown): Spot {
  const { pairs = [], items } = node;
  const [key] = rest;
  const index = pairs.findIndex((one) => startsWith(rest, one.keys));
  const pair = pairs[index];
  const value = pair?.value ?? (typeof key === 'number' ? items?.[key] : undefined);
  if (!value) return { value: { from: 0, to: 0, data }, origin: 0, missing: 0, insert: nothing, isTable: true };
  const used = pair?.keys.length ?? 1;
  if (used < rest.length) return within(value, rest.slice(used), data);
  const base = { value: { from: value.from, to: value.to, data }, missing: 0, insert: nothing };
  if (!pair) return { ...base, origin: 0 };
  const [before, next] = [pairs[index - 1], pairs[index + 1]];
  const slice = before ? { from: before.value.to, to: value.to } : { from: pair.from, to: next ? next.from : value.to };
  return {
    ...base,
    slice,
    ...(before ? { previous: nameOf(before) } : {}),
    origin: before ? before.value.to : node.from + 1,
  };
}

interface Gap {
  readonly text: string;
  readonly sections: readonly TomlSection[];
  readonly at: ValuePath;
  /** How many tables around it are missing. */
  readonly missing: number;
  readonly previous: string | undefined;
}

function gap({ text, sections, at, missing, previous }: Gap): Spot {
  const around = at.slice(0, at.length - missing - 1);
  const rest = at.slice(around.length).map(nameInTable);
  const place = bracesAt(sections, around) ?? linesAt(text, sections, around, rest);
  const before = sections.find((section) => headName(section) === previous);
  const origin = before ? bodyEnd(text, before) : place.originBehind(previous);
  return { origin, missing, insert: (data) => place.insert(rest, inline(data)) };
}

function nameInTable(key: string | number): string {
  if (typeof key === 'string') return key;
  throw new Error('a list that is not there has no places');
}

/** Where a pair goes. */
interface Place {
  originBehind(previous: string | undefined): number;
  insert(rest: readonly string[], value: string): Insertion;
}

function bracesAt(sections: readonly TomlSection[], around: Path): Place | null {
  const pair = sections
    .flatMap((section) => section.pairs.map((one) => ({ full: [...section.keys, ...one.keys], value: one.value })))
    .find(({ full }) => startsWith(around, full));
  if (!pair) return null;
  const { node, left } = descend(pair.value, around.slice(pair.full.length));
  const { from, pairs = [] } = node;
  const last = pairs.at(-1);
  return {
    originBehind: (previous) => pairs.find((one) => nameOf(one) === previous)?.value.to ?? from + 1,
    insert: (rest, value) => {
      const text = `${[...left, ...rest].map((key) => keyText(String(key))).join('.')} = ${value}`;
      return last ? { at: last.value.to, text: `, ${text}` } : { at: from + 1, text };
    },
  };
}

// The braces that hold a path, and what of it only dotted keys in them make.
function descend(node: TomlNode, path: Path): { readonly node: TomlNode; readonly left: Path } {
  const [key] = path;
  if (typeof key === 'number' && node.items?.[key]) return descend(node.items[key], path.slice(1));
  const pair = node.pairs?.find(({ keys }) => startsWith(path, keys));
  return pair ? descend(pair.value, path.slice(pair.keys.length)) : { node, left: path };
}

function linesAt(text: string, sections: readonly TomlSection[], around: Path, rest: readonly string[]): Place {
  const own = sections.find(({ keys }) => keys.length === around.length && startsWith(keys, around));
  const dotted = sections.findLast((section) => section.pairs.some((pair) => lies(section, pair, around)));
  const section = own ?? dotted;
  const originBehind = (previous: string | undefined): number => {
    const before = section?.pairs.find((pair) => nameOf(pair) === previous);
    if (before) return lineEnd(text, before.value.to);
    return section ? bodyOf(text, section) : text.length;
  };
  const isNew = !section || (own !== undefined && rest.length > 1);
  return {
    originBehind,
    insert: (names, value) => {
      const last = names.at(-1) ?? '';
      if (isNew) {
        const head = `[${[...around.filter((key) => typeof key === 'string'), ...names.slice(0, -1)].map(keyText).join('.')}]`;
        return added(text, text.length, [...(text === '' ? [] : ['']), head, `${keyText(last)} = ${value}`]);
      }
      const pairs = own ? section.pairs : section.pairs.filter((pair) => lies(section, pair, around));
      const path = [...around.slice(section.keys.length), ...names].map((key) => keyText(String(key))).join('.');
      const behind = pairs.at(-1);
      return added(text, behind ? lineEnd(text, behind.value.to) : bodyOf(text, section), [`${path} = ${value}`]);
    },
  };
}

// A dotted key that makes the table by the way.
function lies(section: TomlSection, pair: TomlPair, around: Path): boolean {
  const full = [...section.keys, ...pair.keys];
  return full.length > around.length && around.length > section.keys.length && startsWith(full, around);
}

function added(text: string, at: number, lines: readonly string[]): Insertion {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const isBegun = at > 0 && text[at - 1] !== '\n';
  const whole = lines.join(end);
  return { at, text: isBegun ? `${end}${whole}` : `${whole}${end}` };
}

// Behind the end of the line that holds a place.
function lineEnd(text: string, from: number): number {
  const line = text.indexOf('\n', from);
  return line < 0 ? text.length : line + 1;
}

function lineStart(text: string, from: number): number {
  return text.lastIndexOf('\n', from - 1) + 1;
}

function bodyOf(text: string, { head }: TomlSection): number {
  return head ? lineEnd(text, head.to) : 0;
}

function bodyEnd(text: string, section: TomlSection): number {
  const last = section.pairs.at(-1);
  return last ? lineEnd(text, last.value.to) : bodyOf(text, section);
}

// No pair is called like this.
function headName({ keys }: TomlSection): string {
  return JSON.stringify(keys);
}

// Of a last line without an end, the end of the line before goes with it.
function lines(text: string, from: number, to: number): Slice {
  const isOpen = to === text.length && text[to - 1] !== '\n';
  return { from: isOpen ? from - (/\r?\n$/.exec(text.slice(0, from))?.[0].length ?? 0) : from, to };
}

// A header of one pair that others make needless goes with it.
function pairSlice(
  text: string,
  section: TomlSection,
  { pair, sections }: { readonly pair: TomlPair; readonly sections: readonly TomlSection[] },
): Slice {
  const isNeedless =
    section.pairs.length === 1 &&
    section.head !== undefined &&
    sections.some(({ keys }) => keys.length > section.keys.length && startsWith(keys, section.keys)) &&
    typeof section.keys.at(-1) === 'string';
  if (isNeedless) return sectionSlice(text, section, section);
  return lines(text, lineStart(text, pair.from), lineEnd(text, pair.value.to));
}

// With the empty line before it.
function sectionSlice(text: string, first: TomlSection, last: TomlSection): Slice {
  const start = lineStart(text, first.head?.from ?? 0);
  const empty = /(?:^|\n)(\r?\n)$/.exec(text.slice(0, start))?.[1]?.length ?? 0;
  return lines(text, start - empty, bodyEnd(text, last));
}

interface Table {
  readonly text: string;
  readonly sections: readonly TomlSection[];
  readonly at: ValuePath;
  readonly data: unknown;
}

// A table by headers or dotted keys. Only what stands in one piece can be taken out.
function tableSpot({ text, sections, at, data }: Table): Spot {
  const own = sections.filter(({ keys, head }) => head && startsWith(keys, at));
  const [first] = own;
  const last = own.at(-1);
  const base = { missing: 0, insert: nothing, isTable: true as const };
  const isDotted = sections.some((section) => section.pairs.some((pair) => lies(section, pair, at)));
  if (!first || !last || isDotted) return { ...base, origin: 0, value: { from: 0, to: 0, data } };
  const start = sections.indexOf(first);
  const isWhole = sections.indexOf(last) - start === own.length - 1 && typeof at.at(-1) === 'string';
  const before = sections[start - 1];
  const slice = sectionSlice(text, first, last);
  return {
    ...base,
    value: { ...slice, data },
    ...(isWhole ? { slice } : {}),
    ...(before ? { previous: headName(before) } : {}),
    origin: before ? Math.min(bodyEnd(text, before), slice.from) : 0,
  };
}
