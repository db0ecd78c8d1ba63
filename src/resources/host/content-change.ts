import type { FieldChange } from '../../model/resource.ts';

/** Content as far as it is known, with who may read it. */
export interface Readable {
  readonly mode: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly content?: Uint8Array;
}

const linesShown = 3;
const widthShown = 100;

/**
 * How a file's content differs: the lines that changed, one line of text a side. Content that not everybody on the
 * host may read is only counted.
 */
export function contentChange(a: Readable | null, b: Readable): FieldChange {
  const hidden = isPrivate(a) || isPrivate(b);
  const [before, after] = hidden ? [a && measure(a), measure(b)] : sides(a, b);
  const known = before === null ? {} : { before };
  return { path: 'content', how: 'update', secret: false, ...known, after };
}

function isPrivate(of: Readable | null): boolean {
  return of !== null && (Number.parseInt(of.mode, 8) & 0o004) === 0;
}

function sides(a: Readable | null, b: Readable): readonly [string | null, string] {
  const [from, to] = [a && linesOf(a), linesOf(b)];
  if (!a || !from || !to) return [a && measure(a), measure(b)];
  const start = from.findIndex((line, index) => line !== to[index]);
  const first = start < 0 ? from.length : start;
  let same = 0;
  while (same < Math.min(from.length, to.length) - first && from.at(-1 - same) === to.at(-1 - same)) same += 1;
  return [show(from.slice(first, from.length - same), first), show(to.slice(first, to.length - same), first)];
}

function show(lines: readonly string[], first: number): string {
  if (lines.length === 0) return 'nothing';
  const shown = lines.slice(0, linesShown).map((line) => clip(line.trimEnd()));
  const rest = lines.length > linesShown ? [`${lines.length - linesShown} more`] : [];
  const where = lines.length === 1 ? `line ${first + 1}` : `lines ${first + 1}-${first + lines.length}`;
  return `${where}: ${[...shown, ...rest].join(' ⏎ ')}`;
}

function clip(line: string): string {
  return line.length > widthShown ? `${line.slice(0, widthShown - 1)}…` : line;
}

function linesOf({ content }: Readable): readonly string[] | null {
  if (!content || content.includes(0)) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return text
      .split('\n')
      .map((line, index, all) => (index < all.length - 1 ? `${line}\n` : line))
      .filter((line) => line !== '');
  } catch {
    return null;
  }
}

function measure(of: Readable): string {
  const lines = linesOf(of);
  if (lines) return lines.length === 1 ? '1 line' : `${lines.length} lines`;
  return `${of.size ?? of.content?.length ?? 0} bytes, sha256 ${of.sha256?.slice(0, 12) ?? 'unknown'}`;
}
