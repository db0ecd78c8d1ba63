import { CairnError, problem } from '../../../model/diagnostic.ts';
import { endOf, type Lines } from './text.ts';

/** Where something new goes: after the last line that matches, or before the first. Where none does, and without both, to the end. */
export interface LinePlace {
  /** A regular expression. */
  readonly after?: string | RegExp;
  /** A regular expression. */
  readonly before?: string | RegExp;
}

/** The place as data, which goes through plans and journals. */
export interface PlainPlace {
  readonly after?: string;
  readonly before?: string;
}

/** A regular expression as its source: `i` is the only flag that may be kept. */
export function sourceOf(pattern: string | RegExp): string {
  if (typeof pattern === 'string') return pattern;
  if (!/^i?$/.test(pattern.flags)) {
    throw new CairnError(
      problem('bad-pattern', `${pattern} has flags other than i, which lines can't be looked for with`),
    );
  }
  return pattern.flags === 'i' ? `/${pattern.source}/i` : pattern.source;
}

/** The regular expression of a source. Throws `bad-pattern`. */
export function patternOf(source: string): RegExp {
  const flagged = /^\/(.*)\/i$/s.exec(source);
  try {
    return flagged ? new RegExp(flagged[1] ?? '', 'i') : new RegExp(source);
  } catch (error) {
    throw new CairnError(
      problem('bad-pattern', `${JSON.stringify(source)} is no regular expression: ${(error as Error).message}`),
    );
  }
}

/** The index at which new lines go in. */
export function placeIn(lines: Lines, { after, before }: PlainPlace): number {
  const last = after === undefined ? -1 : lines.lines.findLastIndex((line) => patternOf(after).test(line));
  if (last >= 0) return last + 1;
  const first = before === undefined ? -1 : lines.lines.findIndex((line) => patternOf(before).test(line));
  return first >= 0 ? first : endOf(lines);
}

/** The keys `after` and `before` of a spec as data. */
export function plainPlace({ after, before }: LinePlace): PlainPlace {
  return {
    ...(after === undefined ? {} : { after: sourceOf(after) }),
    ...(before === undefined ? {} : { before: sourceOf(before) }),
  };
}
