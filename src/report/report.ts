import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Event } from '../model/event.ts';
import { type Again, nothingElse } from './again.ts';
import { evidenceSink } from './evidence.ts';
import { jsonlSink } from './sinks/jsonl.ts';
import { LinesSink } from './sinks/lines.ts';
import { logSink } from './sinks/log.ts';
import type { Out, Sink, Stream } from './sinks/sink.ts';
import { terminalSink } from './sinks/tree-sink.ts';
import { redactingWriter } from './sinks/writer.ts';

export interface ReportOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly isTTY: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  /** What the commands that are offered repeat; see `againOf` of the command line. */
  readonly again?: Again;
  /** Absolute; its folder is made. Nothing is saved without it. */
  readonly logFile?: string;
}

/** All sinks of a process, and the redacting way to its streams for what isn't an event. */
export interface Report extends Sink {
  /** Writes text and a newline to standard output. */
  print(text: string): void;
  /** Writes text and a newline to standard error. */
  warn(text: string): void;
}

/** Chooses the sinks: JSON lines, a tree on a terminal, plain lines elsewhere; and the saved log beside them. */
export function createReport(options: ReportOptions): Report {
  const { logFile } = options;
  const kept = logFile ? [fileSink(logFile), evidenceFileSink(evidenceFileOf(logFile))] : [];
  // Files first: what the screen names is written.
  const sinks = [...kept, screenSink(options)].map(guarded);
  for (const stream of [options.stdout, options.stderr]) outlive(stream);
  const width = columnsOf(options);
  const out = redactingWriter(options.stdout, width);
  const err = redactingWriter(options.stderr, width);
  return {
    emit: (event) => {
      for (const sink of sinks) sink.emit(event);
    },
    close: async () => {
      for (const sink of sinks) await sink.close();
    },
    print: (text) => out.line(text),
    warn: (text) => err.line(text),
  };
}

function screenSink(options: ReportOptions): Sink {
  if (options.json) return jsonlSink(options.stdout, () => new Date());
  const lines = {
    out: options.stdout,
    err: options.stderr,
    color: options.color,
    verbose: options.verbose,
    quiet: options.quiet,
    width: columnsOf(options),
    isLogged: options.logFile !== undefined,
    ...(options.logFile === undefined ? {} : { evidenceFile: evidenceFileOf(options.logFile) }),
    again: options.again ?? nothingElse,
    now: () => performance.now(),
  };
  // Some terminals of build servers have no size: nothing can be drawn there.
  const canDraw = options.isTTY && options.stdout.rows > 0;
  if (!canDraw || options.quiet || options.verbose) return new LinesSink(lines);
  return terminalSink({ ...lines, stdout: options.stdout, stderr: options.stderr });
}

function columnsOf({ isTTY, stdout }: ReportOptions): number {
  return (isTTY && stdout.columns) || Number.POSITIVE_INFINITY;
}

function fileSink(file: string): Sink {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const descriptor = openSync(file, 'a', 0o600);
  const out: Out = { write: (text) => writeSync(descriptor, text) };
  const sink = logSink(out, () => new Date());
  return {
    emit: sink.emit,
    close: async () => {
      await sink.close();
      closeSync(descriptor);
    },
  };
}

/** Beside the saved log. */
function evidenceFileOf(logFile: string): string {
  return logFile.replace(/\.log$/, '.evidence');
}

function evidenceFileSink(file: string): Sink {
  let descriptor: number | undefined;
  const open = (): Out => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const opened = openSync(file, 'a', 0o600);
    descriptor = opened;
    return { write: (text) => writeSync(opened, text) };
  };
  const sink = evidenceSink(open, () => new Date());
  return {
    emit: sink.emit,
    close: async () => {
      await sink.close();
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

// A pipe that its reader closed (`| head`) raises an error on the stream, which nobody else listens to.
function outlive(stream: Stream): void {
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
}

// A full disk or a closed pipe must never stop a run: such a sink is left alone from then on.
function guarded(sink: Sink): Sink {
  let isBroken = false;
  const emit = (event: Event) => {
    if (isBroken) return;
    try {
      sink.emit(event);
    } catch {
      isBroken = true;
    }
  };
  return { emit, close: () => sink.close() };
}
