/** Turns pieces of output into lines for people: empty ones are left out, progress bars come as their last state. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#emit(line);
  }

  end(): void {
    this.#emit(this.#rest + this.#decoder.decode());
    this.#rest = '';
  }

  #emit(line: string): void {
    if (line.trim() !== '') this.#onLine(line.trimEnd());
  }
}
