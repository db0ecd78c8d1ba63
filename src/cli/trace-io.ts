import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RoundTrip } from '../connect/shell/trace.ts';
import { CairnError, messageOf, problem } from '../model/diagnostic.ts';
import { redact } from '../model/redact.ts';
import { clean } from '../report/measure.ts';
import type { Terminal } from './ask.ts';

/** Takes the round trips to a host. */
export type TraceIo = (host: string, trip: RoundTrip) => void;

const widest = 400;

/**
 * Writes a line for each round trip to the end of a file that only its owner can read.
 * @throws CairnError `trace-file` when it can't be written
 */
export function traceTo(file: string, { cwd }: Pick<Terminal, 'cwd'>): TraceIo {
  const path = resolve(cwd, file);
  const append = (text: string): void => appendFileSync(path, text, { mode: 0o600 });
  try {
    append('');
  } catch (error) {
    throw new CairnError(problem('trace-file', `--trace-io ${file} can't be written`, { detail: [messageOf(error)] }));
  }
  return (host, trip) => append(`${new Date().toISOString()} ${host}  ${tripText(trip)}\n`);
}

function tripText({ sent, received, ms, asked }: RoundTrip): string {
  const words = clean(
    redact(asked)
      .trim()
      .replace(/\s*\n\s*/g, '; '),
  );
  const shown = words.length > widest ? `${words.slice(0, widest)}…` : words;
  return `${sent} B out, ${received} B in, ${ms.toFixed(1)} ms  ${shown}`;
}
