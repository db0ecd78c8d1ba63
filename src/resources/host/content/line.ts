import { createHash } from 'node:crypto';
import { type Input, isDeferred, Later } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import { type AnyType, declare, type FieldChange, type More, type Resource } from '../../../model/resource.ts';
import { revealText, Secret } from '../../../model/secret.ts';
import { field } from '../path-compare.ts';
import { type FragmentSpec, type FragmentWant, fragmentType } from './fragment.ts';
import { type LinePlace, type PlainPlace, patternOf, placeIn, plainPlace, sourceOf } from './line-place.ts';
import { endOf, insertLines, joinLines, type Lines, oddEnds, removeLines, splitLines, withEnds } from './text.ts';

export interface LineId {
  readonly path: string;
  /** Source of the regular expression by which the line is known. */
  readonly match: string;
}

interface LineWant extends FragmentWant, PlainPlace {
  readonly line?: string | Secret;
}

/** One line of a text file. */
export interface LineSpec extends LinePlace, FragmentSpec {
  /** Absolute; the file is made where it isn't there. */
  readonly path: string;
  /** Without its end. Required unless `absent`. */
  readonly line?: Input<string> | Input<Secret>;
  /**
   * All lines that this regular expression matches are this one: the first is replaced, what differs is removed.
   * Left out: the line itself.
   */
  readonly match?: string | RegExp;
  /** No line may match. */
  readonly absent?: boolean;
}

/** A line as it stood, with its place (from 0) and the line above. */
interface FoundLine {
  readonly index: number;
  readonly text: string;
  readonly above?: string;
  /** Of the first: the ends of the file's lines, where not all are plain line feeds. */
  readonly ends?: string;
  /** Of the first: the text of the file, where nothing else is in it. */
  readonly whole?: string;
}

const type = fragmentType<LineId, LineWant, readonly FoundLine[]>({
  name: 'line',
  identity: ['path', 'match'],
  key: ({ match }) => {
    patternOf(match);
    const words = match.match(/[A-Za-z0-9_]+/g) ?? [];
    return `${words.join('-').slice(0, 40)}-${createHash('sha256').update(match).digest('hex').slice(0, 6)}`;
  },
  title: ({ path, match }) => `line /${match}/ of ${path}`,
  find: (text, { match }) => {
    const found = matching(splitLines(text), match);
    return found.length > 0 ? found : null;
  },
  put: (text, { match }, want) => joinLines(withLine(splitLines(text), match, want)),
  giveBack: (text, { match }, before) => joinLines(withLines(splitLines(text), match, before ?? [])),
  change: (found, { line }) => changeOf(found, line),
  same: (a, b) => a.length === b.length && a.every(({ text }, index) => text === b[index]?.text),
  show: (found) => found.map(({ text }) => text).join(' ⏎ '),
});

const any = type as unknown as AnyType;

/** Declares one line of a text file. */
export const line = Object.assign(
  ({ path, line: wanted, match, absent, validate, born, ...place }: LineSpec, more?: More): Resource<LineId> => {
    const want = {
      ...plainPlace(place),
      ...(wanted === undefined ? {} : { line: wanted }),
      ...(absent === undefined ? {} : { absent }),
      ...(validate === undefined ? {} : { validate }),
      ...(born === undefined ? {} : { born }),
    };
    return declare<LineId>(any, 'managed', { path, match: matchOf(path, match, wanted) }, want, more);
  },
  { type: any },
);

function matchOf(path: string, match: LineSpec['match'], wanted: LineSpec['line']): string {
  if (match !== undefined) return sourceOf(match);
  if (typeof wanted === 'string') return `^${wanted.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`;
  const why = isDeferred(wanted) || wanted instanceof Secret ? 'which is known later or secret' : 'and no line';
  throw new CairnError(
    problem('no-match', `a line of ${path} has no match, ${why}`, { help: 'say match: which lines are this one' }),
  );
}

function matching(all: Lines, match: string): readonly FoundLine[] {
  const pattern = patternOf(match);
  const { lines } = all;
  const found = lines.slice(0, endOf(all)).flatMap((text, index): readonly FoundLine[] => {
    const above = lines[index - 1];
    return pattern.test(text) ? [{ index, text, ...(above === undefined ? {} : { above }) }] : [];
  });
  const [first, ...others] = found;
  const ends = oddEnds(all);
  const isWhole = found.length === endOf(all);
  const notes = { ...(ends === undefined ? {} : { ends }), ...(isWhole ? { whole: joinLines(all) } : {}) };
  return first ? [{ ...first, ...notes }, ...others] : [];
}

function changeOf(found: readonly FoundLine[] | undefined, wanted: unknown): FieldChange | null {
  if (wanted === undefined) throw missingLine();
  if (wanted instanceof Later) return { path: 'line', how: 'later', secret: false };
  const text = revealText(wanted as string | Secret);
  if (found?.every((one) => one.text === text)) return null;
  if (wanted instanceof Secret) return { path: 'line', how: 'update', secret: true };
  return field('line', found?.map((one) => one.text).join(' ⏎ '), text);
}

function missingLine(): CairnError {
  return new CairnError(problem('no-content', 'a line has neither line nor absent: true'));
}

function withLine(lines: Lines, match: string, { line: wanted, ...place }: LineWant): Lines {
  if (wanted === undefined) throw missingLine();
  const text = revealText(wanted);
  if (/[\r\n]/.test(text) || !patternOf(match).test(text)) throw notOne(match);
  const found = matching(lines, match);
  const differing = found.filter((one) => one.text !== text);
  if (found.length === 0) return insertLines(lines, placeIn(lines, place), [text]);
  const [first] = found;
  const isThere = differing.length < found.length;
  const kept = isThere || !first ? lines : { ...lines, lines: lines.lines.with(first.index, text) };
  return without(kept, isThere ? differing : differing.slice(1));
}

function notOne(match: string): CairnError {
  return new CairnError(
    problem('bad-line', `what should stand in the line /${match}/ is not one line that this matches`, {
      help: 'correct match or line: otherwise each run would add another one',
    }),
  );
}

function without(lines: Lines, gone: readonly FoundLine[]): Lines {
  return gone.toReversed().reduce((left, { index }) => removeLines(left, index), lines);
}

// All of now go, and those of before come back to their places, moved as far as one that both have was moved.
function withLines(lines: Lines, match: string, before: readonly FoundLine[]): Lines {
  const found = matching(lines, match);
  const [now] = found;
  const then = before.find(({ text }) => text === now?.text) ?? before[0];
  const moved = now && then ? now.index - (then.index - before.indexOf(then)) : 0;
  const left = without(lines, found);
  const whole = before[0]?.whole;
  if (joinLines(left) === '' && whole !== undefined) return splitLines(whole);
  const back = before.reduce((all, one) => (now ? insertAt(all, one.index + moved, one) : putBack(all, one)), left);
  return withEnds(back, before[0]?.ends);
}

function putBack(lines: Lines, one: FoundLine): Lines {
  const { index, above } = one;
  const isSame = lines.lines[index - 1] === above;
  const beneath = isSame || above === undefined ? -1 : lines.lines.indexOf(above);
  return insertAt(lines, beneath >= 0 ? beneath + 1 : index, one);
}

function insertAt(lines: Lines, index: number, { text }: FoundLine): Lines {
  return insertLines(lines, Math.max(0, Math.min(index, lines.lines.length)), [text]);
}
