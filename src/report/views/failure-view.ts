import type { Diagnostic } from '../../model/diagnostic.ts';
import { type Event, exitCodes, type Failure, type RunCommand } from '../../model/event.ts';
import { type Again, nothingElse } from '../again.ts';
import { clean } from '../measure.ts';
import { type Paint, paintWith } from '../style.ts';
import { count, duration } from '../units.ts';
import { stepNamer, targetName } from '../words.ts';
import { columnOf, rowLine } from './rows.ts';

export type RunFinished = Extract<Event, { type: 'run-finished' }>;

export interface FailureOptions {
  readonly color: boolean;
  readonly command: RunCommand;
  readonly playbook: string;
  /** How long the step took that failed; the run's time where none did. Milliseconds. */
  readonly ms?: number;
  /** All causes, not only the first three. */
  readonly verbose?: boolean;
  /** Where the user can look for the whole story; left out when no log was saved. */
  readonly isLogged: boolean;
  /** Events and logs of what failed were kept in this file. */
  readonly hasEvidence?: boolean;
  readonly evidenceFile?: string;
  /** What the commands that are offered repeat. */
  readonly again?: Again;
}

/** Why a run ended early, cause first; then what it changed, and the commands to go on or to go back. */
export function failureView(end: RunFinished, options: FailureOptions): string {
  const paint = paintWith(options.color);
  const failure = end.failure ?? { causes: [] };
  const blocks = [
    [paint('bad', headline(end, failure, options))],
    ...causeBlocks(failure, options),
    factLines(end, options),
    nextLines(end, options, paint),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function headline(end: RunFinished, failure: Failure, options: FailureOptions): string {
  const after = duration(options.ms ?? end.ms);
  if (end.code === exitCodes.interrupted) return `✘ interrupted after ${duration(end.ms)}`;
  if (end.code === exitCodes.locked) return '✘ somebody else is at work on the target';
  if (end.code === exitCodes.moved)
    return `✘ the world changed ${failure.step ? 'while the run was on its way' : 'since the plan was made'}`;
  if (!failure.step) return `✘ ${options.command} failed after ${after}`;
  const step = stepNamer([failure.step])(failure.step);
  const many = end.recap.length > 1 && failure.target ? ` on ${targetName(failure.target)}` : '';
  return `✘ ${step}${many} failed after ${after}`;
}

function causeBlocks(failure: Failure, options: FailureOptions): readonly (readonly string[])[] {
  const most = options.verbose ? failure.causes.length : 3;
  const blocks = failure.causes
    .slice(0, most)
    .map((cause, i) => causeLines(i === 0 ? named(cause, failure.title) : cause));
  const rest = failure.causes.length - most;
  return rest > 0 ? [...blocks, [`  and ${rest} more in the full log`]] : blocks;
}

// An operation on a host doesn't know what it was done for.
function named(cause: Diagnostic, title: string | undefined): Diagnostic {
  const isNamed = title === undefined || cause.code !== 'operation-failed';
  return isNamed ? cause : { ...cause, summary: `${title}: ${cause.summary}` };
}

function causeLines(cause: Diagnostic): readonly string[] {
  const beneath = [
    ...(cause.detail ?? []),
    ...(cause.source ? [`set at ${cause.source.file}:${cause.source.line}`] : []),
    ...(cause.help?.split('\n') ?? []),
  ];
  return [`  ${clean(cause.summary)}`, ...beneath.map((line) => `    ${clean(line)}`)];
}

function factLines(end: RunFinished, options: FailureOptions): readonly string[] {
  const writes = options.command !== 'plan' && options.command !== 'verify';
  const changed = changedText(end);
  const name = stepNamer(end.notReached);
  const rows = [
    { label: '  This run changed', text: writes ? changed || 'nothing' : '' },
    { label: '  Not reached', text: end.notReached.map(name).join(', ') },
    {
      label: '  Full log',
      text: options.isLogged ? `cairn history ${end.run} --log${options.again?.inventory ?? ''}` : '',
    },
    { label: '  Evidence', text: (options.hasEvidence && options.evidenceFile) || '' },
  ].filter((row) => row.text !== '');
  return rows.map((row) => rowLine(row, columnOf([{ label: '  This run changed', text: ' ' }], 3)));
}

/** So many titles are told one by one. */
const mostTitles = 20;

function changedText({ changed }: RunFinished): string {
  if (changed.length <= mostTitles) return changed.map(({ title, outcome }) => `${title} (${outcome})`).join(', ');
  const counts = Map.groupBy(changed, ({ outcome }) => outcome);
  const parts = [...counts].map(([outcome, list]) => `${list.length} ${outcome}`);
  return `${count(changed.length, 'resource')}: ${parts.join(', ')}`;
}

function nextLines(end: RunFinished, options: FailureOptions, paint: Paint): readonly string[] {
  const commands = nextCommands(end, options);
  const column = columnOf(
    commands.map(([label, text]) => ({ label: `  ${label}`, text })),
    3,
  );
  return commands.map(([label, text]) => rowLine({ label: `  ${label}`, text: paint('strong', text) }, column));
}

function nextCommands(end: RunFinished, options: FailureOptions): readonly (readonly [string, string])[] {
  const { inventory, selection } = options.again ?? nothingElse;
  const same = `${options.playbook}${selection}${inventory}`;
  const verb =
    end.code === exitCodes.interrupted ? 'Go on with' : end.code === exitCodes.locked ? 'Then' : 'Fix it, then';
  if (options.command !== 'up') return [[verb, `cairn ${options.command} ${same}`]];
  if (end.code === exitCodes.moved) return [['Look again', `cairn plan ${same}`]];
  if (end.code === exitCodes.locked) return [[verb, `cairn up ${same}`]];
  // A run that wrote nothing is in no journal: there is nothing to go on with.
  if (end.changed.length === 0) return [[verb, `cairn up ${same}`]];
  return [
    [verb, `cairn up --run ${end.run}${inventory}`],
    ['or take back', `cairn undo ${options.playbook} --run ${end.run}${inventory}`],
  ];
}
