import type { Event } from '../../model/event.ts';
import type { Again } from '../again.ts';
import { duration } from '../units.ts';
import { checkLines } from '../views/verify-view.ts';
import { stepNamer, targetName } from '../words.ts';
import { ending } from './ending.ts';
import { eventLines } from './event-lines.ts';
import { Progress, type Running } from './progress.ts';
import type { Out, Sink } from './sink.ts';
import { type LineWriter, redactingWriter } from './writer.ts';

export interface LinesOptions {
  readonly out: Out;
  /** Takes the failure page. */
  readonly err: Out;
  readonly color: boolean;
  readonly verbose: boolean;
  /** Nothing but how it ended. */
  readonly quiet: boolean;
  readonly width: number;
  readonly isLogged: boolean;
  /** Where what is kept of failed resources goes. */
  readonly evidenceFile?: string;
  readonly again: Again;
  /** Milliseconds, from any start. */
  readonly now: () => number;
}

const longestSilence = 10_000;

/** Plain lines, one for each thing worth knowing; during long work a line every 10 s says what goes on. */
export class LinesSink implements Sink {
  readonly #options: LinesOptions;
  readonly #out: LineWriter;
  readonly #err: LineWriter;
  readonly #progress = new Progress();
  readonly #timer: NodeJS.Timeout;
  #saidAt: number;
  #heading = '';

  constructor(options: LinesOptions) {
    this.#options = options;
    this.#out = redactingWriter(options.out, options.width);
    this.#err = redactingWriter(options.err, options.width);
    this.#saidAt = options.now();
    this.#timer = setInterval(() => this.beat(), 1000).unref();
  }

  emit = (event: Event): void => {
    const { now, quiet } = this.#options;
    this.#progress.apply(event, now());
    if (event.type === 'run-finished') this.#end(event);
    else if (!quiet) this.#say(this.#linesOf(event));
  };

  /** Breaks a silence of 10 s with what goes on. Called every second. */
  beat(): void {
    const { now, quiet } = this.#options;
    if (quiet || now() - this.#saidAt < longestSilence) return;
    const name = stepNamer(this.#progress.steps.keys());
    const lines = [...this.#progress.steps.values()].flatMap((step) =>
      [...step.running.values()].map((running) => `${name(step.id)}: ${stillText(running, now())}`),
    );
    this.#say(lines.slice(0, 5));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#out.flush();
    this.#err.flush();
  }

  #say(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#saidAt = this.#options.now();
    for (const line of lines) this.#out.line(line);
  }

  #linesOf(event: Event): readonly string[] {
    const { started } = this.#progress;
    if (started?.command !== 'verify') return eventLines(event, { ...this.#options, started });
    if (event.type === 'step-finished') return [];
    if (event.type !== 'check-finished') return eventLines(event, { ...this.#options, started });
    const where = started.targets.length > 1 ? ` on ${targetName(event.target)}` : '';
    const heading = stepNamer(started.steps.map((one) => one.step))(event.step) + where;
    const lines = [...(heading === this.#heading ? [] : [heading]), ...checkLines(event, this.#options.color)];
    this.#heading = heading;
    return lines;
  }

  #end(event: Extract<Event, { type: 'run-finished' }>): void {
    const { out, err } = ending(event, this.#progress, this.#options);
    if (out !== '') this.#out.line(out);
    this.#out.flush();
    if (err !== '') this.#err.line(err);
  }
}

function stillText(running: Running, now: number): string {
  const usual = running.usually ? ` of ~${running.usually}` : '';
  const line = running.line === '' ? '' : `: ${running.line}`;
  return `still at ${running.title}, ${duration(now - running.since)}${usual}${line}`;
}
