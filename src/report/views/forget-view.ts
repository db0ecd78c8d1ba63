import type { Plan, PlannedChange } from '../../model/plan.ts';
import { clean } from '../measure.ts';
import { type Paint, paintWith, type ViewOptions } from '../style.ts';
import { count } from '../units.ts';
import { targetName, verbSigns } from '../words.ts';
import { columnOf, type Row, rowLine } from './rows.ts';

const opening = 'Cairn lets go of what follows. It stays as it is, and undo and up no longer take it back:';

/** What letting go would do. Ends without a newline. */
export function forgetView(plan: Plan, options: ViewOptions): string {
  const paint = paintWith(options.color);
  const changes = plan.steps.flatMap((step) => step.changes);
  const isMany = new Set(changes.map(({ target }) => target)).size > 1;
  const rows = changes.map((change) => ({ change, row: rowOf(change, isMany) }));
  const column = columnOf(
    rows.map(({ row }) => row),
    3,
    56,
  );
  return [opening, ...rows.flatMap(({ change, row }) => linesOf(change, rowLine(row, column), paint))].join('\n');
}

/** The question after it. */
export function forgetQuestion(plan: Plan): string {
  return `Let go of ${count(plan.steps.flatMap((step) => step.changes).length, 'resource')}?`;
}

function rowOf({ verb, title, target, why = '', problem }: PlannedChange, isMany: boolean): Row {
  const place = isMany ? ` on ${targetName(target)}` : '';
  const text = verb === 'refused' ? `refused: ${problem?.summary ?? why}` : why;
  return { label: `  ${verbSigns[verb].glyph} ${clean(title)}${place}`, text: clean(text) };
}

function linesOf({ verb, fields, problem }: PlannedChange, line: string, paint: Paint): readonly string[] {
  const { glyph, tone } = verbSigns[verb];
  const lost = fields.length === 0 ? [] : [`loses ${fields.map(({ path }) => path).join(', ')}`];
  const advice = problem ? [...(problem.detail ?? []), ...(problem.help ? [problem.help] : [])] : lost;
  return [line.replace(glyph, () => paint(tone, glyph)), ...advice.map((text) => `      ${clean(text)}`)];
}
