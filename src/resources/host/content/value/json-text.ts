import type { Insertion, Range, Slice } from './format.ts';

/** JSON with its comments as spaces, so that every place in it stays where it is. */
export function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\r\n]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('"') ? part : part.replace(/[^\r\n]/g, ' '),
  );
}

/** What goes when a pair is taken out of its braces. The comments around it stay. */
export function slicePair(text: string, pair: Range, previousEnd: number | undefined): Slice {
  const plain = withoutComments(text);
  const comma = /^\s*,/.exec(plain.slice(pair.to));
  if (comma) return sliceWithComma(text, { from: pair.from, to: pair.to + comma[0].length });
  if (previousEnd === undefined) return pair;
  // The comma before it goes too, and what else stands between them stays.
  const at = plain.indexOf(',', previousEnd);
  const between = text.slice(previousEnd, at) + text.slice(at + 1, pair.from);
  const isLast = /^\s*(\r?\n|$)/.test(plain.slice(pair.to));
  const left = isLast ? between.trimEnd() : between.replace(/[ \t]+$/, '');
  return { from: previousEnd, to: pair.to, ...(between.trim() === '' ? {} : { left }) };
}

function sliceWithComma(text: string, { from, to }: Range): Slice {
  const line = text.lastIndexOf('\n', from - 1);
  const isAlone = line >= 0 && text.slice(line, from).trim() === '' && /^[ \t]*\r?\n/.test(text.slice(to));
  if (isAlone) return { from: text[line - 1] === '\r' ? line - 1 : line, to };
  return { from, to: to + (/^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0) };
}

/** Puts a pair behind the last one, whose comment on the same line stays with it. */
export function insertPair(text: string, lastEnd: number, { lead, pair }: { lead: string; pair: string }): Insertion {
  const comment = /^([ \t]*)(,?)([ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)[ \t]*)(?=(\r?\n))/.exec(text.slice(lastEnd));
  const [whole = '', space = '', comma = '', behind = '', end = ''] = comment ?? [];
  // Behind a comment a line has to begin.
  const before = lead.includes('\n') ? lead : `${end}${lead}`;
  if (comma !== '') return { at: lastEnd + whole.length, text: `${before}${pair},` };
  return { at: lastEnd, to: lastEnd + whole.length, text: `,${space}${behind}${before}${pair}` };
}
