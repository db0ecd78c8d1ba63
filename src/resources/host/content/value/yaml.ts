import { isMap, isPair, isScalar, isSeq, type Pair, parseDocument, stringify, visit, type YAMLMap } from 'yaml';
import { type Format, type Slice, type Spot, showPath, type ValuePath } from './format.ts';
import { insertPair, slicePair, withoutComments } from './json-text.ts';

/** YAML 1.2, one document. Comments, order, indentation and quotes of everything else stay as they are. */
export const yaml: Format = { title: 'YAML', spot: (text, at, previous) => spotIn(text, at, { previous }), source };

/** JSON, also with comments and trailing commas: what is put in is JSON too, and an empty file becomes a map in braces. */
export const json: Format = {
  title: 'JSON',
  spot: (text, at, previous) => spotIn(text, at, { previous, isJson: true }),
  source: (data, spot) => `${spot.isSpaced ? ' ' : ''}${JSON.stringify(data)}`,
};

interface How {
  readonly previous: string | undefined;
  readonly isJson?: boolean;
}

function source(data: unknown, spot: Spot): string {
  return `${spot.isSpaced ? ' ' : ''}${inline(data)}`;
}

// One line, whatever it holds.
function inline(data: unknown): string {
  if (typeof data === 'object' && data !== null) return JSON.stringify(data);
  const plain = stringify(data, { lineWidth: 0, compat: 'yaml-1.1' }).trimEnd();
  // Where it lies in braces, a plain comma would end it.
  return /[\n,[\]{}]/.test(plain) ? JSON.stringify(data) : plain;
}

function spotIn(text: string, at: ValuePath, how: How): Spot {
  const document = parseDocument(how.isJson ? withoutComments(text) : text);
  const [error] = document.errors;
  if (error) throw new Error(error.message.split('\n')[0]);
  let node: unknown = document.contents;
  let spot: Spot | undefined;
  let holder: Pair | undefined;
  for (const [depth, key] of at.entries()) {
    const rest = at.slice(depth + 1);
    if (typeof key === 'number') {
      if (!isSeq(node)) throw new Error(`${showPath(at)} is no place in a list`);
      const item = node.items[key];
      if (item === undefined) throw new Error(`the list has no place ${key}: ${showPath(at)}`);
      spot = { ...rangeOfItem(text, item), origin: 0, missing: 0, insert: nothing };
      node = item;
      continue;
    }
    if (isMap(node) && (node.items.length > 0 || node.flow)) {
      const map = new MapText(text, node, how);
      const index = map.items.findIndex((pair) => keyOf(pair) === key);
      const isLast = rest.length === 0;
      if (index < 0) return map.gap(key, rest);
      spot = map.spot(index, isLast);
      holder = map.items[index];
      node = holder?.value;
      continue;
    }
    if (!isEmpty(node)) throw new Error(`${showPath(at)} lies in what is no map`);
    return emptySpot(text, { key, rest, holder, how });
  }
  if (!spot) throw new Error('no path');
  return spot;
}

function nothing(): never {
  throw new Error('nothing can be put in here');
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function rangeOfItem(text: string, item: unknown): Pick<Spot, 'value'> {
  const start = (item as { range?: [number, number, number] }).range?.[0] ?? 0;
  const data = (item as { toJSON?: () => unknown }).toJSON?.() ?? null;
  return { value: { from: start, to: endOf(text, item, start), data } };
}

// Where the last of it ends, without spaces and comments behind.
function endOf(text: string, node: unknown, start: number): number {
  const flow = node as { flow?: boolean; range?: [number, number, number] };
  if (flow.flow && flow.range) return flow.range[1];
  let end = start;
  visit(node as never, (_, one) => {
    const range = (one as { range?: [number, number, number] }).range;
    if (range && (isScalar(one) || (one as { flow?: boolean }).flow)) end = Math.max(end, range[1]);
  });
  while (end > start && /\s/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}

/** The pairs of one map as ranges of the text. */
class MapText {
  readonly items: readonly Pair[];
  readonly #text: string;
  readonly #map: YAMLMap;
  readonly #how: How;

  constructor(text: string, map: YAMLMap, how: How) {
    this.#text = text;
    this.#map = map;
    this.#how = how;
    this.items = map.items.filter(isPair);
  }

  spot(index: number, isLast: boolean): Spot {
    const pair = this.items[index];
    if (!pair) throw new Error('no such pair');
    const colon = this.#colonOf(pair);
    const data = (pair.value as { toJSON?: () => unknown } | null)?.toJSON?.() ?? null;
    const value = { from: colon + 1, to: endOf(this.#text, pair.value, colon + 1), data };
    const previous = this.items[index - 1];
    const slice = isLast || !this.#isMidLine(pair) ? this.#sliceOf(index) : undefined;
    return {
      value,
      ...(slice ? { slice } : {}),
      ...(previous ? { previous: keyOf(previous) } : {}),
      origin: this.#originBehind(index - 1),
      missing: 0,
      isSpaced: true,
      insert: nothing,
    };
  }

  gap(key: string, rest: readonly (string | number)[]): Spot {
    const behind = this.items.findIndex((pair) => keyOf(pair) === this.#how.previous);
    return {
      origin: this.#originBehind(this.#how.previous === undefined ? -1 : behind),
      missing: rest.length,
      insert: (data) => {
        const at = this.#originBehind(this.items.length - 1);
        const isBlock = !this.#map.flow;
        const pair = this.#pairText(key, nested(rest, data));
        if (isBlock) return { at, text: `${this.#lineEnd()}${' '.repeat(this.#indent())}${pair}` };
        if (this.items.length === 0) return { at, text: pair };
        const lead = this.#lead();
        return this.#how.isJson ? insertPair(this.#text, at, { lead, pair }) : { at, text: `,${lead}${pair}` };
      },
    };
  }

  #pairText(key: string, data: unknown): string {
    if (this.#how.isJson) return `${JSON.stringify(key)}: ${JSON.stringify(data)}`;
    return `${inline(key)}: ${inline(data)}`;
  }

  // What stands between the comma and the key of the last pair.
  #lead(): string {
    const last = this.items.length - 1;
    const start = this.#startOf(this.items[last]);
    const from = last > 0 ? this.#endOf(last - 1) : (this.#map.range?.[0] ?? 0) + 1;
    const space = /\s*$/.exec(this.#text.slice(from, start))?.[0] ?? '';
    return last === 0 && space === '' ? ' ' : space;
  }

  #lineEnd(): string {
    return this.#text.includes('\r\n') ? '\r\n' : '\n';
  }

  #indent(): number {
    const start = this.#startOf(this.items[0]);
    return start - (this.#text.lastIndexOf('\n', start - 1) + 1);
  }

  #startOf(pair: Pair | undefined): number {
    return (pair?.key as { range?: [number, number, number] } | undefined)?.range?.[0] ?? 0;
  }

  #colonOf(pair: Pair): number {
    const end = (pair.key as { range?: [number, number, number] }).range?.[1] ?? 0;
    const text = this.#how.isJson ? withoutComments(this.#text) : this.#text;
    const colon = /^\s*:/.exec(text.slice(end));
    if (!colon) throw new Error(`the key ${keyOf(pair)} is written in a way that is not understood`);
    return end + colon[0].length - 1;
  }

  #endOf(index: number): number {
    const pair = this.items[index];
    if (!pair) return 0;
    const end = endOf(this.#text, pair.value, this.#colonOf(pair) + 1);
    return this.#map.flow ? end : lineEndAt(this.#text, end);
  }

  #isMidLine(pair: Pair): boolean {
    const start = this.#startOf(pair);
    return this.#text.slice(this.#text.lastIndexOf('\n', start - 1) + 1, start).trim() !== '';
  }

  // Where the slice of a pair ends; of none before the first: where its own begins at the earliest.
  #originBehind(index: number): number {
    if (index >= 0) return this.#endOf(index);
    if (this.#map.flow) return (this.#map.range?.[0] ?? 0) + 1;
    const start = this.#startOf(this.items[0]);
    const line = this.#text.lastIndexOf('\n', start - 1);
    return line < 0 ? 0 : crBefore(this.#text, line);
  }

  #sliceOf(index: number): Slice | undefined {
    const [pair, next] = [this.items[index], this.items[index + 1]];
    if (!pair) return undefined;
    const [start, end] = [this.#startOf(pair), this.#endOf(index)];
    if (this.#how.isJson)
      return slicePair(this.#text, { from: start, to: end }, index > 0 ? this.#endOf(index - 1) : undefined);
    if (this.#map.flow) {
      if (index > 0) return { from: this.#endOf(index - 1), to: end };
      return { from: start, to: next ? this.#startOf(next) : end };
    }
    if (this.#isMidLine(pair)) return undefined;
    const line = this.#text.lastIndexOf('\n', start - 1);
    if (line >= 0) return { from: crBefore(this.#text, line), to: end };
    return { from: 0, to: Math.min(this.#text.length, end + (/^\r?\n/.exec(this.#text.slice(end))?.[0].length ?? 0)) };
  }
}

interface Empty {
  readonly key: string;
  readonly rest: readonly (string | number)[];
  /** The pair whose value is empty; none: the document is. */
  readonly holder: Pair | undefined;
  readonly how: How;
}

// Behind `key:` without a value, or at the end of a document that holds nothing but comments.
function emptySpot(text: string, { key, rest, holder, how }: Empty): Spot {
  const missing = rest.length;
  if (how.isJson) {
    if (holder || text.trim() !== '') throw new Error('there is null where a map should be');
    const whole = (data: unknown): string => `${JSON.stringify({ [key]: nested(rest, data) }, null, 2)}\n`;
    // The outermost map is missing too.
    return { origin: 0, missing: missing + 1, insert: (data) => ({ at: text.length, text: whole(data) }) };
  }
  if (holder) throw new Error(`${keyOf(holder)} has no value: it must be a map`);
  const isLineEnded = text === '' || text.endsWith('\n');
  return {
    origin: text.length,
    missing,
    insert: (data) => {
      const pair = `${inline(key)}: ${inline(nested(rest, data))}`;
      return { at: text.length, text: isLineEnded ? `${pair}\n` : `\n${pair}` };
    },
  };
}

function nested(rest: readonly (string | number)[], data: unknown): unknown {
  if (rest.some((key) => typeof key === 'number')) throw new Error('a list that is not there has no places');
  return rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), data);
}

function lineEndAt(text: string, from: number): number {
  const line = text.indexOf('\n', from);
  return line < 0 ? text.length : crBefore(text, line);
}

function crBefore(text: string, line: number): number {
  return text[line - 1] === '\r' ? line - 1 : line;
}
