import type { Diagnostic } from '../../model/diagnostic.ts';
import { stamp } from '../../model/moment.ts';
import { isPending, type Plan, type PlannedChange } from '../../model/plan.ts';
import { clean } from '../measure.ts';
import { type Paint, paintWith, type ViewOptions } from '../style.ts';
import { count } from '../units.ts';
import { verbSigns } from '../words.ts';
import { columnOf, type Row, rowLine } from './rows.ts';

export interface UndoViewOptions extends ViewOptions {
  /** When the baseline's run began, ISO 8601. */
  readonly baselineAt?: string;
}

/** What undo would do, newest first. Ends without a newline. */
export function undoView(plan: Plan, options: UndoViewOptions): string {
  const paint = paintWith(options.color);
  const changes = plan.steps
    .flatMap((step) => step.changes)
    .filter((change) => options.verbose || change.verb !== 'unchanged');
  if (changes.length === 0) return 'Nothing to undo: everything is as it was.';
  const row = rowOn(new Set(plan.steps.map(({ target }) => target).filter((target) => target.startsWith('host:'))));
  const column = columnOf(changes.map(row), 2, 56);
  return [
    opening(plan, options),
    ...changes.flatMap((change) => undoLines(change, rowLine(row(change), column), paint)),
  ].join('\n');
}

/** The question after an undo plan. */
export function undoQuestion(plan: Plan): string {
  const amount = plan.steps.flatMap((step) => step.changes).filter(isPending).length;
  return `Undo ${count(amount, 'resource')}?`;
}

function opening(plan: Plan, options: UndoViewOptions): string {
  const changes = plan.steps.flatMap((step) => step.changes);
  if (changes.every(({ verb }) => verb === 'kept' || verb === 'unchanged')) return 'Nothing is taken back; this stays:';
  const run = plan.baseline ? `before run ${plan.baseline}` : 'before the first run';
  return `Back to the state ${run}${options.baselineAt ? ` (${stamp(options.baselineAt)})` : ''}, newest first:`;
}

// Of several hosts each is named.
function rowOn(hosts: ReadonlySet<string>): (change: PlannedChange) => Row {
  return (change) => {
    const on = hosts.size > 1 && hosts.has(change.target) ? ` on ${change.target.slice('host:'.length)}` : '';
    return { label: `  ${verbSigns[change.verb].glyph} ${clean(change.title)}${on}`, text: remark(change) };
  };
}

function undoLines(change: PlannedChange, row: string, paint: Paint): readonly string[] {
  const { glyph, tone } = verbSigns[change.verb];
  const line = row.replace(glyph, () => paint(tone, glyph));
  const { loss, problem } = change;
  const advice = [
    ...(loss.is === 'data' && loss.saveFirst ? [`save it first:  ${loss.saveFirst}`] : []),
    ...(problem && !isForced(problem)
      ? [...(problem.detail ?? []), ...(problem.help ? [problem.help] : [])].map(clean)
      : []),
  ];
  return [line, ...advice.map((text) => `      ${text}`)];
}

function remark(change: PlannedChange): string {
  const why = change.why ? clean(change.why) : '';
  const { loss } = change;
  if (change.verb === 'refused') return refusal(change, why);
  if (loss.is === 'data') return `DATA: ${loss.why}; needs --allow-data-loss ${change.address}`;
  if (change.verb === 'kept') return `stays${why === '' ? '' : `: ${why}`}`;
  if (change.verb === 'update' || change.verb === 'replace') return givenBack(change, why);
  if (change.verb === 'create') return why === '' ? 'made again as it was' : why;
  if (change.verb === 'undecided') return `undecided${why === '' ? '' : `: ${why}`}`;
  return [why, loss.is === 'recreate' ? loss.why : ''].filter((part) => part !== '').join('; ');
}

function isForced(problem: Diagnostic): boolean {
  return problem.code === 'changed-after-us';
}

function refusal({ problem, fields }: PlannedChange, why: string): string {
  if (!problem) return `refused: ${why}`;
  if (!isForced(problem)) return `refused: ${clean(problem.summary)}`;
  const paths = fields.map((field) => (field.note ? `${clean(field.path)} (${clean(field.note)})` : clean(field.path)));
  return `refused: changed after us: ${paths.join(', ')}; --force takes it anyway`;
}

function givenBack(change: PlannedChange, why: string): string {
  const paths = change.fields.map((field) => clean(field.path) + lines(field.before, field.after));
  const shown = paths.length > 4 ? [...paths.slice(0, 3), `${paths.length - 3} more`] : paths;
  return shown.length === 0 ? why || 'given back' : `given back: ${shown.join(', ')}`;
}

// A field of many lines comes as `12 lines`; then the amount is worth more than the text.
function lines(before: string | undefined, after: string | undefined): string {
  const amount = [after, before].find((value) => value !== undefined && /^\d+ lines?$/.test(value));
  return amount ? ` (${amount})` : '';
}
