import { randomBytes } from 'node:crypto';
import { messageOf } from '../../model/diagnostic.ts';
import { FrameReader } from './frames.ts';
import { LineSplitter } from './lines.ts';
import { prelude } from './prelude.ts';
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

/** Runs parts one after the other in one script: one round trip. */
export async function runParts(transport: ShellTransport, parts: readonly Part[]): Promise<PartsResult> {
  if (parts.length === 0) return { results: [] };
  return await new PartsRun(transport, parts).finished;
}

class PartsRun {
  readonly finished: Promise<PartsResult>;
  readonly #parts: readonly Part[];
  readonly #results: PartResult[] = [];
  readonly #out: FrameReader;
  readonly #err: FrameReader;
  readonly #run: ShellRun;
  readonly #halves = new Map<number, Buffer>();
  #finish: (result: PartsResult) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #since = performance.now();
  #isOver = false;
  #lines: { out: LineSplitter; err: LineSplitter } | undefined;

  constructor(transport: ShellTransport, parts: readonly Part[]) {
    this.#parts = parts;
    const marker = randomBytes(16).toString('hex');
    this.#out = new FrameReader(marker, {
      done: (frame) => this.#half(frame.part, frame.status, frame.bytes, 'out'),
      some: (bytes) => this.#lines?.out.push(bytes),
      hungry: (part) => this.#feed(part),
    });
    this.#err = new FrameReader(marker, {
      done: (frame) => this.#half(frame.part, frame.status, frame.bytes, 'err'),
      some: (bytes) => this.#lines?.err.push(bytes),
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

  // A part is over when both streams carry its marker.
  #half(part: number, status: number, bytes: Buffer, stream: 'out' | 'err'): void {
    if (this.#isOver) return;
    const other = this.#halves.get(part);
    if (other === undefined) {
      this.#halves.set(part, bytes);
      return;
    }
    this.#halves.delete(part);
    this.#lines?.out.end();
    this.#lines?.err.end();
    const [stdout, stderr] = stream === 'out' ? [bytes, other] : [other, bytes];
    this.#results.push({ status, stdout, stderr, ms: performance.now() - this.#since });
    const stopped = status !== 0 && this.#parts[part]?.mustSucceed;
    if (stopped || this.#results.length === this.#parts.length) this.#complete();
    else this.#begin();
  }

  #complete(): void {
    this.#run.release();
    this.#end();
  }

  #begin(): void {
    const part = this.#parts[this.#results.length];
    if (!part || this.#isOver) return;
    clearTimeout(this.#timer);
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#late(), part.seconds * 1000);
    this.#out.tailOnly = this.#err.tailOnly = part.tailOnly === true;
    const { onLine } = part;
    this.#lines = onLine ? { out: new LineSplitter(onLine), err: new LineSplitter(onLine) } : undefined;
  }

  #end(cut?: PartsResult['cut']): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
    this.#finish(cut ? { results: this.#results, cut } : { results: this.#results });
  }
}

function assemble(marker: string, parts: readonly Part[]): ShellText {
  const bodies = parts.map((part, index) => {
    const stop = part.mustSucceed ? ' || exit 0' : '';
    const fed = part.input === undefined ? '' : `part=${index}\n`;
    return `${fed}${part.body}\ns=$?; frame ${index} $s; [ $s = 0 ]${stop}\n`;
  });
  return `marker=${marker}\n${prelude}\n${bodies.join('')}`;
}
