/** What one part of a script printed. */
export interface Frame {
  readonly part: number;
  readonly status: number;
  readonly bytes: Buffer;
}

/** Who hears what a stream brings. */
export interface FrameListener {
  /** Called with each finished part. */
  done(frame: Frame): void;
  /** Called with each piece of a part's output without the marker lines, for people: line feeds may come twice. */
  some(bytes: Buffer): void;
  /** Called when a part asks for its input. */
  hungry?(part: number): void;
}

/** Output of which only the end matters is cut to this many bytes. */
const tailBytes = 64 * 1024;

/** Splits a stream at the marker lines that a script prints after each part. */
export class FrameReader {
  readonly #marker: Buffer;
  readonly #to: FrameListener;
  #unsettled: Buffer = Buffer.alloc(0);
  #settled: Buffer[] = [];
  #size = 0;
  /** Keep the end of the current part's output only. */
  tailOnly = false;

  /** @param marker unguessable, so that no output can hold it */
  constructor(marker: string, to: FrameListener) {
    this.#marker = Buffer.from(`\n${marker}`);
    this.#to = to;
  }

  push(chunk: Buffer): void {
    this.#unsettled = this.#unsettled.length > 0 ? Buffer.concat([this.#unsettled, chunk]) : chunk;
    while (this.#takeFrame()) {
      // One chunk may end many parts.
    }
  }

  /** What the unfinished part has printed so far. */
  rest(): Buffer {
    return Buffer.concat([...this.#settled, this.#unsettled]);
  }

  #takeFrame(): boolean {
    const at = this.#unsettled.indexOf(this.#marker);
    this.#settle(at < 0 ? this.#unsettled.length - this.#begunMarker() : at);
    if (at < 0) {
      // The line feed that begins a marker may also end a line, and a line is not held back.
      if (this.#unsettled.length > 0) this.#to.some(this.#unsettled.subarray(0, 1));
      return false;
    }
    const end = this.#unsettled.indexOf(10, this.#marker.length);
    if (end < 0) return false;
    const [part, status] = this.#unsettled.subarray(this.#marker.length, end).toString('latin1').trim().split(' ');
    this.#unsettled = this.#unsettled.subarray(end + 1);
    if (status === 'hungry') {
      this.#to.hungry?.(Number(part));
      return true;
    }
    const bytes = this.#settled.length === 1 && this.#settled[0] ? this.#settled[0] : Buffer.concat(this.#settled);
    this.#settled = [];
    this.#size = 0;
    this.#to.done({ part: Number(part), status: Number(status), bytes });
    return true;
  }

  // How many bytes at the end may be the beginning of a marker.
  #begunMarker(): number {
    const from = this.#unsettled.lastIndexOf(10);
    const end = this.#unsettled.subarray(from);
    return from >= 0 && end.equals(this.#marker.subarray(0, end.length)) ? end.length : 0;
  }

  #settle(count: number): void {
    if (count === 0) return;
    const bytes = this.#unsettled.subarray(0, count);
    this.#unsettled = this.#unsettled.subarray(count);
    this.#settled.push(bytes);
    this.#size += count;
    this.#to.some(bytes);
    if (this.tailOnly && this.#size > 4 * tailBytes) {
      this.#settled = [Buffer.concat(this.#settled).subarray(-tailBytes)];
      this.#size = tailBytes;
    }
  }
}
