import { randomBytes } from 'node:crypto';
import { messageOf } from '../../model/diagnostic.ts';
import { redact } from '../../model/redact.ts';
import { FrameReader } from './frames.ts';
import { LineSplitter } from './lines.ts';
import type { ShellText } from './quote.ts';
import type { ShellRun, ShellTransport } from './transport.ts';

/** A piece of a script with a status and a deadline of its own. */
export interface Part {
  readonly body: ShellText;
  /** Seconds from the end of the part before. */
  readonly seconds: number;
  /** It runs a program of the user. */
  readonly startsPrograms: boolean;
  /** Any other status than zero ends the script. */
  readonly mustSucceed: boolean;
  /**
   * What is heard of it; left out: everything. `brief`: what it prints on stderr only when it fails. `failure`: nothing unless it
   * fails, which must end the script; that it succeeded shows when a later one is heard of.
   */
  readonly tells?: 'brief' | 'failure';
  /** Only the end of what it prints matters. */
  readonly tailOnly?: boolean;
  readonly onLine?: ((line: string) => void) | undefined;
  /** What it takes from descriptor 8 once it has asked: `fed LENGTH`. */
  readonly input?: Uint8Array | undefined;
}

export interface PartResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Milliseconds. */
  readonly ms: number;
}

export interface PartsResult {
  /** As many as ended, in order. */
  readonly results: readonly PartResult[];
  /** Why not all of them have: the next one took too long, nobody let us in, or the shell was gone. */
  readonly cut?:
    | { readonly is: 'late' }
    | { readonly is: 'refused'; readonly why: string }
    | { readonly is: 'gone'; readonly why: string; readonly printed: Buffer };
}

/**
 * Runs parts one after the other in one script: one round trip.
 * @param heard called with all results so far whenever there are more
 */
export async function runParts(
  transport: ShellTransport,
  parts: readonly Part[],
  heard?: (results: readonly PartResult[]) => void,
): Promise<PartsResult> {
  if (parts.length === 0) return { results: [] };
  return await new PartsRun(transport, parts, heard).finished;
}

/** Why a script was cut short, for people. */
export function whyCut(cut: PartsResult['cut']): string {
  return cut?.is === 'refused' ? cut.why : 'no answer in time';
}

/** The same of a shell that was gone, with what it still said. */
export function goneWhy(cut: Extract<PartsResult['cut'], { readonly is: 'gone' }>): string {
  return redact(`${cut.why} ${cut.printed.toString('utf8').trim()}`.trim());
}

const nothing = Buffer.alloc(0);

class PartsRun {
  readonly finished: Promise<PartsResult>;
  readonly #parts: readonly Part[];
  readonly #results: PartResult[] = [];
  readonly #out: FrameReader;
  readonly #err: FrameReader;
  readonly #run: ShellRun;
  readonly #halves = new Map<number, Buffer>();
  readonly #ended = new Map<number, Omit<PartResult, 'ms'>>();
  readonly #heard: (results: readonly PartResult[]) => void;
  #finish: (result: PartsResult) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #since = performance.now();
  #isOver = false;
  #lines: { out?: LineSplitter; err?: LineSplitter } = {};
  /** What came of a part before both streams had come to it. */
  #early: { out: Uint8Array[]; err: Uint8Array[] } = { out: [], err: [] };

  constructor(
    transport: ShellTransport,
    parts: readonly Part[],
    heard: (results: readonly PartResult[]) => void = () => undefined,
  ) {
    this.#parts = parts;
    this.#heard = heard;
    const marker = randomBytes(16).toString('hex');
    this.#out = new FrameReader(marker, {
      done: (frame) => this.#half(frame.part, frame.status, frame.bytes, 'out'),
      some: (bytes) => this.#some('out', bytes),
      hungry: (part) => this.#feed(part),
    });
    this.#err = new FrameReader(marker, {
      done: (frame) => this.#half(frame.part, frame.status, frame.bytes, 'err'),
      some: (bytes) => this.#some('err', bytes),
    });
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#run = transport.start(
      {
        text: assemble(marker, parts),
        startsPrograms: parts.some((part) => part.startsPrograms),
        isFed: parts.some((part) => part.input !== undefined),
      },
      { stdout: (chunk) => this.#out.push(chunk), stderr: (chunk) => this.#err.push(chunk) },
    );
    if (!this.#run.entered) this.#begin();
    else
      void this.#run.entered.then(
        () => this.#begin(),
        (error: unknown) => this.#end({ is: 'refused', why: messageOf(error) }),
      );
    void this.#run.ended.then((why) => this.#gone(why));
  }

  #feed(part: number): void {
    const input = this.#parts[part]?.input;
    if (input && !this.#isOver) this.#run.feed(input);
  }

  #gone(why: string | undefined): void {
    this.#end({ is: 'gone', why: why ?? 'the shell ended before the script did', printed: this.#err.rest() });
  }

  #late(): void {
    this.#run.kill();
    this.#end({ is: 'late' });
  }

  // A part is over when both streams carry its marker, or stdout alone for one that succeeded and says no more then.
  #half(part: number, status: number, bytes: Buffer, stream: 'out' | 'err'): void {
    if (this.#isOver || part < this.#results.length) return;
    const other = this.#halves.get(part);
    const isBrief = this.#parts[part]?.tells !== undefined && status === 0;
    if (isBrief && stream === 'err') return;
    if (other === undefined && !isBrief) {
      this.#halves.set(part, bytes);
      this.#hush(stream);
      return;
    }
    this.#halves.delete(part);
    const [stdout, stderr] = stream === 'out' ? [bytes, other ?? nothing] : [other ?? nothing, bytes];
    this.#ended.set(part, { status, stdout, stderr });
    this.#inOrder();
  }

  // One that needs no stderr waits for those before it that do: the streams come as they like.
  #inOrder(): void {
    for (const [part, result] of [...this.#ended].sort(([a], [b]) => a - b)) {
      if (this.#isOver || [...this.#halves.keys()].some((earlier) => earlier < part)) return;
      this.#ended.delete(part);
      this.#over(part, { ...result, ms: performance.now() - this.#since });
    }
  }

  // Those before it that say nothing unless they fail have succeeded; no other is ever taken for an empty answer.
  #over(part: number, result: PartResult): void {
    const unheard = this.#parts.slice(this.#results.length, part);
    if (unheard.some(({ tells }) => tells !== 'failure')) {
      this.#run.kill();
      this.#end({ is: 'gone', why: 'the shell left out an answer', printed: nothing });
      return;
    }
    this.#hush('out');
    this.#hush('err');
    while (this.#results.length < part) this.#results.push({ status: 0, stdout: nothing, stderr: nothing, ms: 0 });
    this.#results.push(result);
    this.#heard(this.#results);
    const stopped = result.status !== 0 && this.#parts[part]?.mustSucceed;
    if (stopped || this.#results.length === this.#parts.length) this.#complete();
    else this.#begin();
  }

  #complete(): void {
    this.#run.release();
    this.#end();
  }

  // Of parts that say nothing, the next one that does has the time.
  #begin(): void {
    const from = this.#results.length;
    const to = this.#parts.findIndex((one, index) => index >= from && one.tells !== 'failure');
    const part = this.#parts[to];
    if (!part || this.#isOver) return;
    clearTimeout(this.#timer);
    this.#since = performance.now();
    const seconds = this.#parts.slice(from, to + 1).reduce((sum, one) => sum + one.seconds, 0);
    this.#timer = setTimeout(() => this.#late(), seconds * 1000);
    this.#out.tailOnly = this.#err.tailOnly = part.tailOnly === true;
    const { onLine } = part;
    this.#lines = onLine ? { out: new LineSplitter(onLine), err: new LineSplitter(onLine) } : {};
    const early = this.#early;
    this.#early = { out: [], err: [] };
    for (const bytes of early.out) this.#lines.out?.push(bytes);
    for (const bytes of early.err) this.#lines.err?.push(bytes);
  }

  #some(stream: 'out' | 'err', bytes: Uint8Array): void {
    const lines = this.#lines[stream];
    if (lines) lines.push(bytes);
    else if (this.#halves.size > 0) this.#early[stream].push(bytes);
  }

  // What comes after the marker is of the next part, though the other stream may not have come to it.
  #hush(stream: 'out' | 'err'): void {
    this.#lines[stream]?.end();
    delete this.#lines[stream];
  }

  #end(cut?: PartsResult['cut']): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
    this.#finish(cut ? { results: this.#results, cut } : { results: this.#results });
  }
}

function assemble(marker: string, parts: readonly Part[]): ShellText {
  const bodies = parts.map((part, index) => {
    const fed = part.input === undefined ? '' : `part=${index}\n`;
    return `${clearing(parts, index)}${fed}${part.body}\n${ending(part, index)}\n`;
  });
  return `marker=${marker}\n${bodies.join('')}`;
}

// What a part before said on stderr is not of this one, of which all is heard.
function clearing(parts: readonly Part[], index: number): ShellText {
  const isHeardAlone = parts[index]?.tells === undefined && parts[index - 1]?.tells !== undefined;
  return isHeardAlone ? `frame ${index - 1} 0 >/dev/null\n` : '';
}

function ending({ tells, mustSucceed }: Part, index: number): ShellText {
  if (tells === 'failure') return `s=$?; [ $s = 0 ] || { frame ${index} $s; exit 0; }`;
  const stop = mustSucceed ? '; [ $s = 0 ] || exit 0' : '';
  return `s=$?; ${tells === 'brief' ? 'brief' : 'frame'} ${index} $s${stop}`;
}
