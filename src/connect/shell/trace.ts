import type { ShellRun, ShellScript, ShellSink, ShellTransport } from './transport.ts';

/** One script, there and back. */
export interface RoundTrip {
  /** Bytes. */
  readonly sent: number;
  readonly received: number;
  /** From the first byte out to the last one in, milliseconds. */
  readonly ms: number;
  /** The script, without contents of files and values of variables. */
  readonly asked: string;
}

/** Tells of every round trip of a transport. */
export class TracedTransport implements ShellTransport {
  readonly #inner: ShellTransport;
  readonly #tell: (trip: RoundTrip) => void;

  constructor(inner: ShellTransport, tell: (trip: RoundTrip) => void) {
    this.#inner = inner;
    this.#tell = tell;
  }

  start(script: ShellScript, sink: ShellSink): ShellRun {
    const began = performance.now();
    let received = 0;
    let sent = script.text.length;
    let isTold = false;
    const tell = (): void => {
      if (isTold) return;
      isTold = true;
      this.#tell({ sent, received, ms: performance.now() - began, asked: askedIn(script.text) });
    };
    const run = this.#inner.start(script, {
      stdout: (chunk) => {
        received += chunk.length;
        sink.stdout(chunk);
      },
      stderr: (chunk) => {
        received += chunk.length;
        sink.stderr(chunk);
      },
    });
    void run.ended.then(tell);
    return {
      ...run,
      feed: (bytes) => {
        sent += bytes.length;
        run.feed(bytes);
      },
      kill: () => {
        run.kill();
        tell();
      },
      release: () => {
        run.release();
        tell();
      },
    };
  }
}

// Contents and values may be secrets that are too short to be found by the redactor.
function askedIn(text: ShellScript['text']): string {
  return Buffer.from(text, 'latin1')
    .toString('utf8')
    .replace(/^marker=\w+\n/, '')
    .replace(/printf %s '(?:[^']|'\\'')*'/g, "printf %s '[content]'")
    .replace(/\b(\w+)='(?:[^']|'\\'')*'; export/g, "$1='[value]'; export")
    .replace(/\ns=\$\?; (?:frame|brief) .*/g, '')
    .replace(/\ns=\$\?; \[ \$s = 0 \] \|\| \{ frame .*/g, '');
}
