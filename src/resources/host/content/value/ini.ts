import { type Format, type Range, type Spot, showPath, type ValuePath } from './format.ts';

/**
 * INI as systemd, Git, MySQL and desktop files have it: `[section]`, `key = value`, comments behind `#` or `;` at a line's
 * beginning. A value is text; a key that is there twice is not understood. Path: section (empty before all sections) and key.
 */
export const ini: Format = {
  title: 'INI',
  spot: (text, at, previous) => spotIn(linesOf(text), text, { at, previous }),
  source: textOf,
  asRead: textOf,
};

interface Line {
  readonly from: number;
  /** Without the end of line. */
  readonly to: number;
  /** Where the next one begins. */
  readonly next: number;
  readonly text: string;
}

interface Wish {
  readonly at: ValuePath;
  readonly previous: string | undefined;
}

function textOf(data: unknown): string {
  if (typeof data === 'string' && !/[\r\n]|^\s|\s$/.test(data)) return data;
  if (typeof data === 'number' || typeof data === 'boolean') return String(data);
  throw new Error('a value is one line of text, a number, or true or false');
}

function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(/([^\r\n]*)(\r?\n|$)/g)].flatMap(({ index, 0: whole, 1: line = '' }) =>
    whole === '' ? [] : [{ from: index, to: index + line.length, next: index + whole.length, text: line }],
  );
}

function spotIn(lines: readonly Line[], text: string, { at, previous }: Wish): Spot {
  const [section, key] = at;
  if (at.length > 2 || typeof section !== 'string' || typeof key === 'number') {
    throw new Error(`${showPath(at)} is no section and key`);
  }
  const body = bodyOf(lines, section);
  if (!body) return missingSection(text, section, key ?? '');
  if (key === undefined) return spotOf(text, body);
  const pairs = body.lines.flatMap((line) => pairOf(line) ?? []);
  const found = pairs.filter((pair) => pair.key === key);
  const [pair] = found;
  if (found.length > 1) throw new Error(`${showPath(at)} is there ${found.length} times`);
  const before = pair ? pairs[pairs.indexOf(pair) - 1] : pairs.find((one) => one.key === previous);
  const last = pairs.at(-1);
  return {
    ...(pair ? { value: pair.value, slice: sliceOf(text, pair.line) } : {}),
    ...(before ? { previous: before.key } : {}),
    origin: before ? before.line.next : body.from,
    missing: 0,
    insert: (data) => added(text, last ? last.line.next : body.from, `${key}${last?.sign ?? ' = '}${textOf(data)}`),
  };
}

// Comments count: somebody wrote them.
function spotOf(text: string, { head, lines }: Body): Spot {
  const entries = lines.filter((line) => line.text.trim() !== '').length;
  return { origin: 0, missing: 0, insert: nothing, slice: sliceOf(text, head, lines.at(-1)), entries };
}

function nothing(): never {
  throw new Error('nothing can be put in here');
}

// Of a last line without an end, the end of the line before goes with it.
function sliceOf(text: string, first: Line | undefined, last = first): Range {
  const [from, to] = [first?.from ?? 0, last?.next ?? 0];
  const isOpen = last?.to === text.length && text.length > 0;
  return { from: isOpen ? from - (/\r?\n$/.exec(text.slice(0, from))?.[0].length ?? 0) : from, to };
}

interface Body {
  readonly head?: Line;
  readonly from: number;
  readonly lines: readonly Line[];
}

function bodyOf(lines: readonly Line[], section: string): Body | null {
  const heads = lines.flatMap((line, index) => (headOf(line) === null ? [] : [index]));
  const named = section === '' ? [-1] : heads.filter((index) => headOf(lines[index]) === section);
  const [start] = named;
  if (named.length > 1) throw new Error(`the section ${section} is there ${named.length} times`);
  if (start === undefined) return null;
  const end = heads.find((index) => index > start) ?? lines.length;
  const head = lines[start];
  const from = lines[start + 1]?.from ?? lines.at(-1)?.next ?? 0;
  return { ...(head ? { head } : {}), from, lines: lines.slice(start + 1, end) };
}

function headOf(line: Line | undefined): string | null {
  return /^\s*\[(.*)\]\s*$/.exec(line?.text ?? '')?.[1] ?? null;
}

function pairOf(line: Line) {
  const [, lead = '', key = '', sign = '', data = ''] =
    /^(\s*)([^\s#;[=][^=]*?)(\s*=[ \t]*)(.*?)\s*$/.exec(line.text) ?? [];
  if (key === '') return null;
  const from = line.from + lead.length + key.length + sign.length;
  return { key, sign, line, value: { from, to: from + data.length, data } };
}

function missingSection(text: string, section: string, key: string): Spot {
  const insert = (data: unknown) => added(text, text.length, `[${section}]${endIn(text)}${key} = ${textOf(data)}`);
  return { origin: text.length, missing: 1, insert };
}

function endIn(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

// A last line without an end stays one.
function added(text: string, at: number, line: string): { at: number; text: string } {
  const isBegun = at > 0 && text[at - 1] !== '\n';
  return { at, text: isBegun ? `${endIn(text)}${line}` : `${line}${endIn(text)}` };
}
