import { padTo, spread, widthOf } from '../measure.ts';
import { addUp, type RunStarted } from '../sinks/progress.ts';
import { paintWith, type ViewOptions } from '../style.ts';
import { count, duration } from '../units.ts';
import { summaryText, targetName } from '../words.ts';
import type { RunFinished } from './failure-view.ts';

const widest = 100;

/** How a run ended, a line per target and the sum, and how to take it back. Ends without a newline. */
export function recapView(end: RunFinished, started: RunStarted, options: ViewOptions): string {
  // A run that could not begin looked at nothing.
  if (end.recap.length === 0) return '';
  const steps = new Set(started.steps.map((one) => one.step)).size;
  const all = addUp(end.recap);
  const text = [summaryText(all.counts, all.checks)].filter((part) => part !== '').join('');
  const sum = `${started.name}  ${count(steps, 'step')}${text === '' ? '' : `: ${text}`}`;
  const paint = paintWith(options.color);
  const tone = end.code === 0 ? 'good' : 'bad';
  const lines = [
    ...targetLines(end),
    paint(tone, spread(sum, duration(end.ms), { width: Math.min(options.width, widest) })),
  ];
  const isUndoable = started.command === 'up' && end.changed.length > 0 && end.code === 0;
  if (isUndoable)
    lines.push(`Take it back with  cairn undo ${started.playbook} --run ${end.run}${options.again?.inventory ?? ''}`);
  if (end.farewell && end.code === 0) lines.push('', end.farewell.trimEnd());
  return lines.join('\n');
}

function targetLines(end: RunFinished): readonly string[] {
  if (end.recap.length < 2) return [];
  const column = Math.max(...end.recap.map((one) => widthOf(targetName(one.target)))) + 2;
  return end.recap.map((one) => `${padTo(targetName(one.target), column)}${summaryText(one.counts, one.checks)}`);
}
