import type { Question } from '../../model/host.ts';
import { isLook, type Look, looksPart, type Seen, seenIn } from './looks.ts';
import type { Part, PartResult, PartsResult } from './parts.ts';
import { isPlain } from './paths.ts';
import { missed, parseAnswer, questionPart } from './questions.ts';

/** A question, and who waits for its answer. */
export interface Asked {
  readonly question: Question;
  readonly answered: ((answer: unknown) => void)[];
  readonly failed: ((error: unknown) => void)[];
}

/** A part of a script that answers one question or many. What it leaves open is asked again, one by one. */
export interface Asking {
  readonly part: Part;
  settle(result: PartResult): readonly Asking[];
  /** It took too long. */
  late(cut: PartsResult['cut']): readonly Asking[];
  /** Nobody answers any more. */
  fail(cut: PartsResult['cut']): void;
}

/** Most paths in one look. */
const mostPaths = 100;

/** The parts of a script that asks all of these. */
export function askings(all: readonly Asked[]): readonly Asking[] {
  const groups = groupsOf(all);
  const grouped = new Set(groups.flatMap((group) => group.all));
  return [...groups.map(inOneGo), ...all.filter((asked) => !grouped.has(asked)).flatMap(alone)];
}

interface Group {
  readonly all: readonly Asked[];
  readonly looks: readonly Look[];
  readonly limit: number;
}

// One path alone is asked as before: that takes no more processes.
function groupsOf(all: readonly Asked[]): readonly Group[] {
  const looked = all.filter(({ question }) => isLook(question) && isPlain(question.path));
  const limits = new Set(looked.flatMap(({ question }) => ('limit' in question ? [question.limit ?? 0] : [])));
  if (limits.size > 1) return [];
  const [limit = 0] = limits;
  const byPath = [...Map.groupBy(looked, ({ question }) => ('path' in question ? question.path : ''))];
  const groups: Group[] = [];
  for (let from = 0; from < byPath.length; from += mostPaths) {
    const some = byPath.slice(from, from + mostPaths);
    const looks = some.map(([path, asked]) => ({
      path,
      content: asked.some(({ question }) => question.ask === 'content'),
    }));
    if (some.length > 1) groups.push({ all: some.flatMap(([, asked]) => asked), looks, limit });
  }
  return groups;
}

function inOneGo({ all, looks, limit }: Group): Asking {
  return {
    part: looksPart(looks, limit),
    settle: (result) => {
      const seen = seenIn(looks, limit, result);
      return all.flatMap((asked) => (isAnswered(asked, seen) ? [] : alone(asked)));
    },
    late: () => all.flatMap(alone),
    fail: (cut) => {
      for (const { failed, question } of all) for (const fail of failed) fail(missed(question, cut));
    },
  };
}

function isAnswered({ question, answered }: Asked, seen: ReadonlyMap<string, Seen> | null): boolean {
  const one = 'path' in question ? seen?.get(question.path) : undefined;
  if (!one) return false;
  for (const resolve of answered) resolve(question.ask === 'stat' ? one.state : one.content);
  return true;
}

// A question that can't be put (a bad path) fails alone.
function alone(asked: Asked): readonly Asking[] {
  const { question, answered, failed } = asked;
  const reject = (error: unknown): readonly Asking[] => {
    for (const fail of failed) fail(error);
    return [];
  };
  const settle = (result: PartResult): readonly Asking[] => {
    try {
      const found = parseAnswer(question, result);
      for (const resolve of answered) resolve(found);
      return [];
    } catch (error) {
      return reject(error);
    }
  };
  const late = (cut: PartsResult['cut']): readonly Asking[] => reject(missed(question, cut));
  try {
    return [{ part: questionPart(question), settle, late, fail: late }];
  } catch (error) {
    return reject(error);
  }
}
