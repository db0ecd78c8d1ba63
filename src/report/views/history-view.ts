import type { Counts, RunCommand } from '../../model/event.ts';
import { moment } from '../../model/moment.ts';
import { padTo, widthOf } from '../measure.ts';
import { paintWith } from '../style.ts';
import { duration } from '../units.ts';
import { countsText } from '../words.ts';

/** A run as the journal remembers it. */
export interface PastRun {
  readonly run: string;
  readonly command: RunCommand;
  readonly playbook: string;
  /** ISO 8601. */
  readonly at: string;
  /** Missing when the run never ended: it was killed, or is still on its way. */
  readonly end?: { readonly code: number; readonly ms: number };
  readonly counts: Counts;
  /** Of `forget`: what it was to let go of. */
  readonly addresses?: readonly string[];
}

export interface HistoryOptions {
  readonly color: boolean;
  readonly now: Date;
}

/** Past runs, newest first, one a line. Ends without a newline. */
export function historyView(runs: readonly PastRun[], options: HistoryOptions): string {
  if (runs.length === 0) return 'No run yet.';
  const rows = runs
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .map((one) => [one.run, moment(one.at, options.now), `${one.command} ${one.playbook}`, endText(one)]);
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => widthOf(row[i] ?? ''))) + 2);
  const paint = paintWith(options.color);
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? paint('strong', padTo(cell, widths[0] ?? 0)) : padTo(cell, widths[i] ?? 0))),
    )
    .map((cells) => cells.join('').trimEnd())
    .join('\n');
}

function endText(run: PastRun): string {
  const changed = countsText(run.counts);
  const made = changed === '' ? '' : `, ${changed}`;
  if (!run.end) return `never ended${made}; go on with  cairn ${goOn(run)}`;
  if (run.end.code === 0) return `${changed === '' ? 'nothing changed' : changed} in ${duration(run.end.ms)}`;
  return `${run.end.code === 130 ? 'interrupted' : 'failed'} after ${duration(run.end.ms)}${made}`;
}

function goOn(run: PastRun): string {
  if (run.command === 'up') return `up --run ${run.run}`;
  return [run.command, run.playbook, ...(run.addresses ?? [])].join(' ');
}
