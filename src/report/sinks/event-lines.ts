import type { Event } from '../../model/event.ts';
import type { Again } from '../again.ts';
import { clean } from '../measure.ts';
import { duration } from '../units.ts';
import { fieldText } from '../views/field-text.ts';
import { lossSentence, planSentence } from '../views/plan-verdict.ts';
import { planView } from '../views/plan-view.ts';
import { placeOf } from '../views/problems-view.ts';
import { undoView } from '../views/undo-view.ts';
import { stepNamer, summaryText, targetName, targetsText } from '../words.ts';
import type { RunStarted } from './progress.ts';

export interface LineOptions {
  readonly color: boolean;
  readonly verbose: boolean;
  readonly again: Again;
  /** The run that is reported on, once it has started. */
  readonly started: RunStarted | undefined;
}

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** What is said of an event where there is no terminal. The end of a run is not among it: it has its own views. */
export function eventLines(event: Event, options: LineOptions): readonly string[] {
  switch (event.type) {
    case 'run-started':
      return [`${event.name} on ${targetsText(event.targets)} (${event.inventory}), run ${event.run}`];
    case 'plan-made':
      return planLines(event, options);
    case 'step-started':
      return options.verbose ? [`${prefix(event, options)}started`] : [];
    case 'resource-started':
      return options.verbose ? [`${prefix(event, options)}${event.title}${usual(event.usually)}`] : [];
    case 'progress':
      return options.verbose ? [`${prefix(event, options)}${event.title}: ${clean(event.line)}`] : [];
    case 'waiting':
      return options.verbose ? [`${prefix(event, options)}${event.title} waits: ${clean(event.on)}`] : [];
    case 'resource-finished':
      return resourceLines(event, options);
    case 'check-finished':
      return checkLines(event, options);
    case 'step-finished':
      return [`${prefix(event, options)}${stepText(event)} in ${duration(event.ms)}`];
    case 'notice':
      return noticeLines(event);
    case 'evidence':
    case 'run-finished':
      return [];
    default:
      return event satisfies never;
  }
}

function prefix(event: { readonly step: string; readonly target: string }, options: LineOptions): string {
  const name = stepNamer(options.started?.steps.map((one) => one.step) ?? [event.step])(event.step);
  return (options.started?.targets.length ?? 0) > 1 ? `${name} on ${targetName(event.target)}: ` : `${name}: `;
}

function usual(usually: string | undefined): string {
  return usually ? `, usually ${usually}` : '';
}

function planLines({ plan }: Of<'plan-made'>, options: LineOptions): readonly string[] {
  const view = {
    color: options.color,
    width: Number.POSITIVE_INFINITY,
    verbose: options.verbose,
    again: options.again,
  };
  if (options.started?.command === 'undo') return undoView(plan, view).split('\n');
  if (options.started?.command === 'plan' || options.verbose) return planView(plan, view).split('\n');
  return [`${planSentence(plan)} ${lossSentence(plan)}`];
}

const quiet: ReadonlySet<string> = new Set(['unchanged', 'kept']);

function resourceLines(event: Of<'resource-finished'>, options: LineOptions): readonly string[] {
  if (!options.verbose && quiet.has(event.outcome)) return [];
  const why = event.why ? `: ${clean(event.why)}` : '';
  const first = `${prefix(event, options)}${event.outcome} ${event.title}${why} (${duration(event.ms)})`;
  if (!options.verbose) return [first];
  const fields = event.fields.map((one) => `  ${clean(one.path)}  ${fieldText(one, Number.POSITIVE_INFINITY)}`);
  return [first, ...fields];
}

function checkLines(event: Of<'check-finished'>, options: LineOptions): readonly string[] {
  if (!options.verbose && event.result === 'passed') return [];
  const first = `${prefix(event, options)}check ${event.result}: ${clean(event.what)} (${duration(event.ms)})`;
  const why = (event.why ?? []).flatMap((cause) => [cause.summary, ...(cause.detail ?? [])]);
  return [first, ...why.map((line) => `  ${clean(line)}`)];
}

function stepText(event: Of<'step-finished'>): string {
  const summary = summaryText(event.counts, event.checks);
  return event.ok || /failed/.test(summary) ? summary : `failed${summary === '' ? '' : `, ${summary}`}`;
}

function noticeLines({ diagnostic }: Of<'notice'>): readonly string[] {
  const place = placeOf(diagnostic);
  const beneath = [...(diagnostic.detail ?? []), ...(diagnostic.help?.split('\n') ?? [])];
  const first = `${place === '' ? '' : `${place}  `}${diagnostic.severity === 'warning' ? 'warning: ' : ''}${clean(diagnostic.summary)}`;
  return [first, ...beneath.map((line) => `    ${clean(line)}`)];
}
