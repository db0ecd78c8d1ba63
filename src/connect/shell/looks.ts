import type { FileKind, PathState, Question } from '../../model/host.ts';
import type { Part, PartResult } from './parts.ts';
import { quote, quoteAll } from './quote.ts';

/** What is asked of one path: its state, its content, or both. */
export interface Look {
  readonly path: string;
  readonly content: boolean;
}

/** What is there, as far as one look tells: links are looked at alone. */
export interface Seen {
  readonly state: PathState | null;
  /** Null where it is no file, or more than the limit; left out where nobody asked. */
  readonly content?: Uint8Array | null;
}

/** Seconds for all of them. */
const patience = 30;

/** True for questions that many paths can be asked in one go. */
export function isLook(question: Question): question is Extract<Question, { ask: 'stat' | 'content' }> {
  return question.ask === 'stat' || (question.ask === 'content' && question.limit !== undefined);
}

/** Looks at many plain paths with few processes. @param limit bytes of content */
export function looksPart(looks: readonly Look[], limit: number): Part {
  const flags = looks.map(({ content }) => (content ? 'c' : 's')).join('');
  const paths = looks.map(({ path }) => path);
  return {
    body: `looks ${limit} ${quote(flags)} ${quoteAll(paths)}`,
    seconds: patience,
    startsPrograms: false,
    mustSucceed: false,
    tells: 'brief',
  };
}

/** What that says, by path; null where it doesn't add up, because something changed meanwhile or can't be read. */
export function seenIn(
  looks: readonly Look[],
  limit: number,
  { status, stdout }: PartResult,
): ReadonlyMap<string, Seen> | null {
  if (status !== 0) return null;
  const lines = new Lines(stdout);
  const classes = lines.next();
  if (classes.length !== looks.length) return null;
  const seen = new Map<string, Seen>();
  for (const { path, content } of of(looks, classes, 'n')) {
    if (!lines.next().endsWith(': No such file or directory')) return null;
    seen.set(path, { state: null, ...(content ? { content: null } : {}) });
  }
  const there = of(looks, classes, 'o').map((look) => ({ ...look, state: stateIn(lines.next()) }));
  for (const { path, content, state } of there) {
    if (!state) return null;
    const isHeld = content && state.kind === 'file' && state.size <= limit;
    const bytes = isHeld ? lines.take(state.size) : null;
    if (isHeld && bytes === null) return null;
    seen.set(path, { state, ...(content ? { content: bytes } : {}) });
  }
  return lines.isOver ? seen : null;
}

function of(looks: readonly Look[], classes: string, one: string): readonly Look[] {
  return looks.filter((_, index) => classes[index] === one);
}

function stateIn(line: string): PathState | null {
  const found = /^([0-9a-f]+) (\d+) (\S+) (\S+) (\d+) (\d+) (\d+)$/.exec(line);
  if (!found) return null;
  const [, raw = '', mode = '', owner = '', group = '', size, uid = '', gid = ''] = found;
  const kind = kindIn(raw);
  if (kind === 'link') return null;
  return {
    kind,
    mode: mode.padStart(4, '0'),
    owner: owner === 'UNKNOWN' ? uid : owner,
    group: group === 'UNKNOWN' ? gid : group,
    size: kind === 'file' ? Number(size) : 0,
  };
}

// As st_mode has it.
function kindIn(raw: string): FileKind {
  const kinds: Readonly<Record<number, FileKind>> = { 4: 'directory', 8: 'file', 10: 'link' };
  return kinds[Number.parseInt(raw, 16) >> 12] ?? 'other';
}

/** Lines, then bytes. */
class Lines {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  next(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    const line = this.#bytes.toString('utf8', this.#at, end < 0 ? this.#bytes.length : end);
    this.#at = end < 0 ? this.#bytes.length : end + 1;
    return line;
  }

  take(count: number): Uint8Array | null {
    const from = this.#at;
    this.#at += count;
    return this.#at > this.#bytes.length ? null : Uint8Array.from(this.#bytes.subarray(from, this.#at));
  }

  get isOver(): boolean {
    return this.#at === this.#bytes.length;
  }
}
