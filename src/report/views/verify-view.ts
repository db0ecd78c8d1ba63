import type { Event } from '../../model/event.ts';
import { clean, padTo } from '../measure.ts';
import { paintWith } from '../style.ts';
import { duration } from '../units.ts';
import { stepNamer } from '../words.ts';

export type CheckFinished = Extract<Event, { type: 'check-finished' }>;

const timeColumn = 72;
const signs = { passed: ['✔', 'good'], failed: ['✘', 'bad'], skipped: ['-', 'dim'] } as const;

/** Checks under the names of their steps. Ends without a newline. */
export function verifyView(checks: readonly CheckFinished[], options: { readonly color: boolean }): string {
  const name = stepNamer(checks.map((one) => one.step));
  const lines: string[] = [];
  let heading = '';
  for (const one of checks) {
    if (name(one.step) !== heading) lines.push(paintWith(options.color)('strong', name(one.step)));
    heading = name(one.step);
    lines.push(...checkLines(one, options.color));
  }
  return lines.join('\n');
}

/** One check, with what was seen when it failed. */
export function checkLines(one: CheckFinished, color: boolean): readonly string[] {
  const paint = paintWith(color);
  const [glyph, tone] = signs[one.result];
  const time = one.result === 'skipped' ? 'skipped' : duration(one.ms);
  const first = `  ${paint(tone, glyph)} ${padTo(clean(one.what), timeColumn - 4)} ${paint('dim', time)}`;
  const why = (one.why ?? []).flatMap((cause) => [
    cause.summary,
    ...(cause.detail ?? []),
    ...(cause.help?.split('\n') ?? []),
  ]);
  return [first, ...why.map((line) => `      ${clean(line)}`)];
}
