import type { Plan, PlannedChange, PlannedStep } from '../../model/plan.ts';
import { clean, spread } from '../measure.ts';
import { type Paint, paintWith, type ViewOptions } from '../style.ts';
import { count } from '../units.ts';
import { playbookName, stepNamer, targetName, targetsText, verbSigns } from '../words.ts';
import { fieldText } from './field-text.ts';
import { verdictLines } from './plan-verdict.ts';
import { columnOf, type Row, rowLine } from './rows.ts';

const widest = 100;

/** What a run would do: step by step, field by field, and whether anything is lost. Ends without a newline. */
export function planView(plan: Plan, options: ViewOptions): string {
  const paint = paintWith(options.color);
  const steps = plan.steps
    .map((step) => ({ step, blocks: step.changes.filter((change) => isShown(change, options)) }))
    .filter(({ blocks }) => blocks.length > 0);
  const rows = steps.flatMap(({ blocks }) => blocks.flatMap((change) => changeRows(change, options)));
  const column = columnOf(rows, 3, Math.max(40, Math.floor(options.width * 0.6)));
  const layout = { column, room: options.width - column, paint, options };
  const name = stepNamer(plan.steps.map((step) => step.id));
  const body = steps.flatMap(({ step, blocks }) => [
    paint('strong', heading(step, plan, name)),
    ...blocks.flatMap((change, i) => [...sourceLines(change, blocks[i - 1]), ...changeLines(change, layout)]),
  ]);
  const parts = [[header(plan, options.width)], body, verdictLines(plan, paint, options)];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function header(plan: Plan, width: number): string {
  const steps = new Set(plan.steps.map((step) => step.id)).size;
  const resources = plan.steps.reduce((sum, step) => sum + step.changes.length, 0);
  const seconds = (plan.readMs / 1000).toFixed(1);
  return spread(
    `${playbookName(plan.playbook)} on ${targetsText(plan.targets)} (${plan.inventory})`,
    `${count(steps, 'step')}, ${count(resources, 'resource')}, read in ${seconds} s`,
    { width: Math.min(width, widest) },
  );
}

function heading(step: PlannedStep, plan: Plan, name: (id: string) => string): string {
  return plan.targets.length > 1 ? `${name(step.id)} on ${targetName(step.target)}` : name(step.id);
}

// What a chart or a folder became stands together, beneath its name.
function sourceLines({ source }: PlannedChange, before: PlannedChange | undefined): readonly string[] {
  return source === undefined || source === before?.source ? [] : [`  ${clean(source)}`];
}

function indentOf({ source }: PlannedChange): string {
  return source === undefined ? '' : '  ';
}

const quiet: ReadonlySet<string> = new Set(['unchanged', 'read', 'wait']);

function isShown(change: PlannedChange, options: ViewOptions): boolean {
  return options.verbose === true || !quiet.has(change.verb) || change.problem !== undefined;
}

interface Layout {
  readonly column: number;
  readonly room: number;
  readonly paint: Paint;
  readonly options: ViewOptions;
}

function changeLines(change: PlannedChange, layout: Layout): readonly string[] {
  const { tone, glyph } = verbSigns[change.verb];
  const [title, ...fields] = changeRows(change, layout.options, layout.room);
  const first = title ? rowLine(title, layout.column).replace(glyph, () => layout.paint(tone, glyph)) : '';
  return [first, ...fields.map((row) => rowLine(row, layout.column)), ...adviceLines(change, layout.paint)];
}

function changeRows(change: PlannedChange, options: ViewOptions, room = options.width): readonly Row[] {
  const indent = indentOf(change);
  const title = { label: `${indent}  ${verbSigns[change.verb].glyph} ${clean(change.title)}`, text: remark(change) };
  const fields = change.fields.filter((field) => options.verbose || change.verb !== 'create' || field.how === 'later');
  return [
    title,
    ...fields.map((field) => ({ label: `${indent}      ${clean(field.path)}`, text: fieldText(field, room) })),
    ...change.foreign.map((owned) => ({ label: `${indent}      ${owned.path}`, text: `owned by ${owned.owner}` })),
  ];
}

/** What is said beside a title: its verb where the glyph isn't enough, and why. */
export function remark(change: PlannedChange): string {
  const why = change.why ? `: ${clean(change.why)}` : '';
  if (change.verb === 'skip') return `skipped${why}`;
  if (change.verb === 'foreign') return `belongs to somebody else${why}`;
  if (change.verb === 'refused') return `refused: ${clean(change.problem?.summary ?? change.why ?? '')}`;
  if (change.verb === 'kept') return `stays${why}`;
  if (change.verb === 'wait') return 'waited for';
  if (change.verb === 'adopt') return adoption(change, why);
  if (change.certainty === 'undecided') return `undecided${why.replace(/^: after /, ' after ')}`;
  if (change.certainty === 'predicted' && change.verb !== 'unchanged') return `predicted${why}`;
  return change.why ? clean(change.why) : '';
}

function adoption({ fields, certainty }: PlannedChange, why: string): string {
  const what = fields.length === 0 ? 'adopted as it is' : 'adopted: it was there before';
  return certainty === 'exact' ? what : `${what}, ${certainty}${why}`;
}

/** What a change needs or loses, and the way out of a problem. */
export function adviceLines(change: PlannedChange, paint: Paint): readonly string[] {
  const { loss, problem } = change;
  const lines: string[] = [];
  if (loss.is === 'data') lines.push(paint('bad', `DATA: ${loss.why}; needs --allow-data-loss ${change.address}`));
  if (loss.is === 'data' && loss.saveFirst) lines.push(`save it first:  ${loss.saveFirst}`);
  if (change.verb === 'replace' && loss.is !== 'data')
    lines.push(replaceAdvice(loss.is === 'recreate' ? loss.why : ''));
  if (problem && change.verb !== 'foreign') lines.push(...(problem.detail ?? []).map(clean));
  if (problem?.help) lines.push(clean(problem.help));
  return lines.map((line) => `${indentOf(change)}      ${line}`);
}

function replaceAdvice(why: string): string {
  return `is removed and made again${why === '' ? '' : ` (${clean(why)})`}; needs --allow-replace`;
}
