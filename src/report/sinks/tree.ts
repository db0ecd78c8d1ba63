import { writeSync } from 'node:fs';
import { DefaultRenderer, ListrEventManager, ListrLogger, ProcessOutput, Spinner } from 'listr2';
import { redact } from '../../model/redact.ts';
import type { Progress } from './progress.ts';
import type { Stream } from './sink.ts';
import { treeFrame } from './tree-frame.ts';

export interface TreeOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly color: boolean;
  /** Milliseconds, from any start. */
  readonly now: () => number;
}

/**
 * A live picture of a run, redrawn ten times a second. What is written to the streams meanwhile appears after `end`.
 * The cursor comes back also when the process exits in the middle.
 */
export class Tree extends DefaultRenderer {
  readonly #progress: Progress;
  readonly #options: TreeOptions;
  readonly #dots: Spinner;

  constructor(progress: Progress, options: TreeOptions) {
    const spinner = new Spinner();
    const processOutput = new ProcessOutput(options.stdout, options.stderr, { leaveEmptyLine: false });
    const logger = new ListrLogger({ processOutput, useIcons: true, toStderr: [] });
    super([], { spinner, logger }, new ListrEventManager());
    this.#progress = progress;
    this.#options = options;
    this.#dots = spinner;
  }

  override async render(): Promise<void> {
    process.once('exit', this.#restoreCursor);
    await super.render();
  }

  override end(): void {
    super.end();
    process.off('exit', this.#restoreCursor);
  }

  // The stream's own write is listr2's until `end`, and at exit only a synchronous write arrives.
  readonly #restoreCursor = (): void => {
    writeSync(this.#options.stdout.fd, '\u001b[?25h\n');
  };

  override create(options?: { prompt?: boolean }): string {
    const { stdout, color, now } = this.#options;
    const size = { width: stdout.columns, rows: stdout.rows };
    // `end` asks for its last picture without a prompt: nothing turns any more.
    const spinner = options?.prompt === false ? '·' : this.#dots.fetch();
    return redact(treeFrame(this.#progress, { ...size, color, now: now(), spinner }));
  }
}
