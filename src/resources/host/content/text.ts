import { CairnError, problem } from '../../../model/diagnostic.ts';

/** The text of a file and the way back to its bytes: what isn't touched stays as it is, byte for byte. */
export interface FileText {
  readonly text: string;
  /** Throws `bad-encoding` when the file's encoding lacks a character. */
  encode(text: string): Uint8Array;
}

/** Reads bytes as UTF-8 (a byte order mark stays in the text), and as ISO 8859-1 where they are none. Rejects NUL. */
export function textOf(path: string, bytes: Uint8Array): FileText {
  if (bytes.includes(0)) throw new CairnError(problem('unreadable', `${path} is no text: it holds NUL bytes`));
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, encode: (changed) => Buffer.from(changed, 'utf8') };
  } catch {
    return { text: Buffer.from(bytes).toString('latin1'), encode: (changed) => encodeLatin(path, changed) };
  }
}

function encodeLatin(path: string, text: string): Uint8Array {
  if (/^[\0-\xff]*$/.test(text)) return Buffer.from(text, 'latin1');
  throw new CairnError(
    problem('bad-encoding', `${path} is not UTF-8, and what should stand in it can't be written in ISO 8859-1`, {
      help: 'convert the file to UTF-8 first, or leave such characters out',
    }),
  );
}

/** Lines of a text, without their ends, and the ends that it uses. The last of them is empty when the text ends with one. */
export interface Lines {
  readonly lines: readonly string[];
  readonly ends: readonly string[];
}

export function splitLines(text: string): Lines {
  const parts = text.split(/(\r?\n)/);
  return { lines: parts.filter((_, index) => index % 2 === 0), ends: parts.filter((_, index) => index % 2 === 1) };
}

export function joinLines({ lines, ends }: Lines): string {
  return lines.map((line, index) => line + (ends[index] ?? '')).join('');
}

/** Puts lines in at a place, with the ends of their neighbours. Behind the last line too, which may have no end: then none has. */
export function insertLines({ lines, ends }: Lines, at: number, added: readonly string[]): Lines {
  const end = ends[at - 1] ?? ends[at] ?? ends[0] ?? '\n';
  // Behind a last line without an end, the ends go before what is added.
  return { lines: lines.toSpliced(at, 0, ...added), ends: ends.toSpliced(at, 0, ...added.map(() => end)) };
}

/** Takes lines out, each with the end that `insertLines` gave it. */
export function removeLines({ lines, ends }: Lines, at: number, count = 1): Lines {
  const from = Math.min(at, Math.max(0, ends.length - count));
  return { lines: lines.toSpliced(at, count), ends: ends.toSpliced(from, count) };
}

/** Where lines are added at the end: before the empty rest of a text that ends its last line. */
export function endOf({ lines }: Lines): number {
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}

/** The ends of a text, a letter each, to put them back by; undefined where all are plain line feeds. */
export function oddEnds({ ends }: Lines): string | undefined {
  if (ends.every((end) => end === '\n')) return undefined;
  return ends.map((end) => (end === '\n' ? 'n' : 'r')).join('');
}

/** The lines with the ends that `oddEnds` noted, as long as there are as many. */
export function withEnds(lines: Lines, odd: string | undefined): Lines {
  if (odd?.length !== lines.ends.length) return lines;
  return { ...lines, ends: [...odd].map((letter) => (letter === 'n' ? '\n' : '\r\n')) };
}
