import type { Plan, PlannedChange, PlannedStep, Verb } from '../../model/plan.ts';
import type { FieldChange } from '../../model/resource.ts';
import { clean } from '../measure.ts';
import { paintWith, type ViewOptions } from '../style.ts';
import { playbookName, stepNamer, targetName, targetsText, verbSigns } from '../words.ts';
import { fieldText } from './field-text.ts';
import { lossSentence, planSentence, verdictLines } from './plan-verdict.ts';
import { adviceLines, remark } from './plan-view.ts';

/** GitHub takes a page of one mebibyte; the rest of it is left to others. */
const mostBytes = 900_000;

/**
 * A plan as a Markdown page: what it comes to, and a diff for each step in which something changes, folded.
 * @param options `again` and `saved` as for `planView`
 */
export function planPage(plan: Plan, options: Pick<ViewOptions, 'again' | 'saved'>): string {
  const verdict = verdictLines(plan, paintWith(false), options).slice(1);
  const head = [
    `### ${plan.command === 'undo' ? 'Undo of' : 'Plan for'} ${code(playbookName(plan.playbook))} on ${code(targetsText(plan.targets))}`,
    `${literal(planSentence(plan))} ${literal(lossSentence(plan))}`,
  ];
  const name = stepNamer(plan.steps.map((step) => step.id));
  const steps = plan.steps.filter(({ changes }) => changes.some(isShown));
  const blocks = steps.map((step) => stepBlock(step, headingOf(step, plan, name)));
  const last = verdict.length > 0 ? [fenced(verdict.join('\n'), '')] : [];
  return `${[...head, ...fitting(blocks), ...last].join('\n\n')}\n`;
}

const quiet: ReadonlySet<Verb> = new Set<Verb>(['unchanged', 'read', 'wait', 'skip']);

function isShown({ verb, problem }: PlannedChange): boolean {
  return !quiet.has(verb) || problem !== undefined;
}

function headingOf({ id, target }: PlannedStep, { targets }: Plan, name: (id: string) => string): string {
  return targets.length > 1 ? `${name(id)} on ${targetName(target)}` : name(id);
}

function stepBlock({ changes }: PlannedStep, heading: string): string {
  const shown = changes.filter(isShown);
  const body = shown.flatMap(changeLines).join('\n');
  const amount = shown.length === 1 ? '1 change' : `${shown.length} changes`;
  return [
    `<details><summary><b>${literal(heading)}</b>: ${amount}</summary>`,
    '',
    fenced(body, 'diff'),
    '',
    '</details>',
  ].join('\n');
}

function fitting(blocks: readonly string[]): readonly string[] {
  let room = mostBytes;
  const fit = blocks.filter((block) => {
    room -= Buffer.byteLength(block);
    return room > 0;
  });
  const rest = blocks.length - fit.length;
  return rest === 0 ? fit : [...fit, `${rest} more steps don't fit here: they are in the log.`];
}

// What stands first in a line is its colour: + and - as they are, ! for what is neither.
const colours: Readonly<Partial<Record<Verb, string>>> = { create: '+', remove: '-', kept: ' ', undecided: ' ' };

function changeLines(change: PlannedChange): readonly string[] {
  const { verb, title } = change;
  const colour = colours[verb] ?? '!';
  const { glyph } = verbSigns[verb];
  const said = remark(change);
  const first = `${colour} ${glyph === colour ? '' : `${glyph} `}${clean(title)}${said === '' ? '' : `    ${said}`}`;
  const fields = change.fields.filter(({ how }) => verb !== 'create' || how === 'later').flatMap(fieldLines);
  const foreign = change.foreign.map(({ path, owner }) => `      ${clean(path)}  owned by ${clean(owner)}`);
  return [first, ...fields, ...foreign, ...adviceLines(change, paintWith(false))];
}

function fieldLines(field: FieldChange): readonly string[] {
  const { path, how, before, after, secret, note } = field;
  if (secret || how === 'later' || how === 'restart')
    return [`      ${clean(path)}  ${fieldText(field, Number.POSITIVE_INFINITY)}`];
  const line = (sign: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`${sign}     ${clean(path)}  ${clean(value)}`];
  const said = note === undefined ? [] : [`      ${clean(note)}`];
  return [...line('-', before), ...line('+', after), ...said];
}

function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function code(text: string): string {
  return `<code>${literal(text)}</code>`;
}

// For HTML, and for Markdown's own signs.
function literal(text: string): string {
  return clean(text).replace(/[&<>"`*_[\]\\|#]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
