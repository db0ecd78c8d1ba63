import { stripVTControlCharacters } from 'node:util';
import { redact } from '../model/redact.ts';

// Made for the first text that isn't ASCII: it takes 9 ms.
let segmenter: Intl.Segmenter | undefined;
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6])/u;

/** Columns that a text takes on a terminal; escape sequences take none. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  const plain = stripVTControlCharacters(text);
  let width = 0;
  for (const { segment } of graphemesOf(plain)) width += wide.test(segment) ? 2 : 1;
  return width;
}

function graphemesOf(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** The text with spaces after it, at least `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** `left` and `right` on one line that ends at `width`, at least `gap` spaces apart. */
export function spread(left: string, right: string, options: { width: number; gap?: number }): string {
  const gap = Math.max(options.gap ?? 3, options.width - widthOf(left) - widthOf(right));
  return left + ' '.repeat(gap) + right;
}

/** Plain text cut to `width` columns, with `…` for what is gone. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemesOf(text)) {
    const more = widthOf(segment);
    if (used + more > width - 1) break;
    kept += segment;
    used += more;
  }
  return `${kept}…`;
}

/** Two values cut to `width` columns each, so that the place where they differ stays in sight. */
export function shortenPair(before: string, after: string, width: number): readonly [string, string] {
  if (width === Number.POSITIVE_INFINITY) return [before, after];
  if (widthOf(before) <= width && widthOf(after) <= width) return [before, after];
  const same = commonStart(before, after);
  const cut = same > width / 2 ? Math.max(0, same - 8) : 0;
  const tail = (text: string) => shorten(cut > 0 ? `…${text.slice(cut)}` : text, width);
  return [tail(before), tail(after)];
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/**
 * Text from outside made fit for one line of a screen: no escape sequences, no control characters, no known secret.
 * The writers redact too, but they come after shortening, and half a secret is not found.
 */
export function clean(text: string): string {
  const last = stripVTControlCharacters(redact(text))
    .split('\r')
    .findLast((part) => part.trim() !== '');
  const plain = (last ?? '').replaceAll('\t', '  ').replace(/\p{Cc}/gu, '');
  return redact(plain.trimEnd());
}
