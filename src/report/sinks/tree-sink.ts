import type { Event } from '../../model/event.ts';
import { ending } from './ending.ts';
import { eventLines } from './event-lines.ts';
import { type LinesOptions, LinesSink } from './lines.ts';
import { Progress } from './progress.ts';
import type { Sink, Stream } from './sink.ts';
import type { Tree } from './tree.ts';
import { redactingWriter } from './writer.ts';

export interface TreeSinkOptions extends LinesOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/** Shows `up` and `undo` as a tree that lives; the other commands say everything in lines. */
export function terminalSink(options: TreeSinkOptions): Sink {
  let chosen: Sink | undefined;
  return {
    emit: (event) => {
      const isLively = event.type === 'run-started' && (event.command === 'up' || event.command === 'undo');
      chosen ??= isLively ? new TreeSink(options) : new LinesSink(options);
      chosen.emit(event);
    },
    close: async () => chosen?.close(),
  };
}

class TreeSink implements Sink {
  readonly #options: TreeSinkOptions;
  readonly #progress = new Progress();
  #tree: Promise<Tree> | undefined;
  #held: string[] = [];
  #after: Promise<void> = Promise.resolve();

  constructor(options: TreeSinkOptions) {
    this.#options = options;
  }

  emit = (event: Event): void => {
    this.#progress.apply(event, this.#options.now());
    if (event.type === 'step-started') this.#tree ??= this.#draw();
    else if (event.type === 'notice') this.#hold(event);
    else if (event.type === 'plan-made' && this.#progress.started?.command === 'undo') this.#hold(event);
    else if (event.type === 'run-finished') this.#after = this.#end(event);
  };

  async close(): Promise<void> {
    await this.#after;
    await this.#stop();
  }

  /** Lines that belong above or beneath the tree, never into it. */
  #hold(event: Event): void {
    this.#held.push(...eventLines(event, { ...this.#options, started: this.#progress.started }));
    if (!this.#tree) this.#release();
  }

  #release(): void {
    const writer = redactingWriter(this.#options.out, this.#options.width);
    for (const line of this.#held) writer.line(line);
    this.#held = [];
  }

  async #draw(): Promise<Tree> {
    const { Tree } = await import('./tree.ts');
    const tree = new Tree(this.#progress, this.#options);
    await tree.render();
    return tree;
  }

  async #stop(): Promise<void> {
    const tree = this.#tree;
    this.#tree = undefined;
    (await tree)?.end();
    this.#release();
  }

  async #end(event: Extract<Event, { type: 'run-finished' }>): Promise<void> {
    await this.#stop();
    const { out, err } = ending(event, this.#progress, this.#options);
    if (out !== '') redactingWriter(this.#options.out, this.#options.width).line(out);
    if (err !== '') redactingWriter(this.#options.err, this.#options.width).line(err);
  }
}
