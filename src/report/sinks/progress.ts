import type { CheckCounts, Counts, Event } from '../../model/event.ts';

export type RunStarted = Extract<Event, { type: 'run-started' }>;
export type StepFinished = Extract<Event, { type: 'step-finished' }>;

/** A resource that is being worked on. Times are milliseconds of the report's clock. */
export interface Running {
  readonly title: string;
  readonly since: number;
  readonly usually?: string;
  /** The newest thing known of it: a line of output, or what is waited for. */
  line: string;
}

/** A step on all its targets. */
export interface StepProgress {
  readonly id: string;
  readonly targets: Set<string>;
  readonly running: Map<string, Running>;
  since: number | undefined;
  ended: number | undefined;
  readonly finished: StepFinished[];
}

/** What a report knows of a run so far; built from events only. */
export class Progress {
  started: RunStarted | undefined;
  startedAt = 0;
  /** True when something was kept of a resource that failed. */
  hasEvidence = false;
  readonly steps = new Map<string, StepProgress>();

  /** @param at milliseconds of the report's clock */
  apply(event: Event, at: number): void {
    if (event.type === 'run-started') this.#begin(event, at);
    if (event.type === 'evidence') this.hasEvidence = true;
    if (!('step' in event)) return;
    const step = this.#step(event.step);
    const key = `${event.target} ${'title' in event ? event.title : ''}`;
    if (event.type === 'step-started') begin(step, at);
    else if (event.type === 'resource-started') step.running.set(key, runningOf(event, at));
    else if (event.type === 'progress') this.#say(step, key, event.line);
    else if (event.type === 'waiting') this.#say(step, key, `waiting: ${event.on}`);
    else if (event.type === 'resource-finished') step.running.delete(key);
    else if (event.type === 'step-finished') finish(step, event, at);
  }

  #begin(event: RunStarted, at: number): void {
    this.started = event;
    this.startedAt = at;
    for (const { step, target } of event.steps) this.#step(step).targets.add(target);
  }

  #step(id: string): StepProgress {
    const known = this.steps.get(id);
    if (known) return known;
    const made = {
      id,
      targets: new Set<string>(),
      running: new Map(),
      since: undefined,
      ended: undefined,
      finished: [],
    };
    this.steps.set(id, made);
    return made;
  }

  #say(step: StepProgress, key: string, line: string): void {
    const running = step.running.get(key);
    if (running) running.line = line;
  }
}

// A step that has ended begins again when what it no longer declares is taken back.
function begin(step: StepProgress, at: number): void {
  step.since ??= at;
  step.ended = undefined;
}

function runningOf(event: Extract<Event, { type: 'resource-started' }>, at: number): Running {
  const usually = event.usually === undefined ? {} : { usually: event.usually };
  return { title: event.title, since: at, line: '', ...usually };
}

function finish(step: StepProgress, event: StepFinished, at: number): void {
  step.finished.push(event);
  if (step.finished.length >= step.targets.size) step.ended = at;
  for (const key of step.running.keys()) if (key.startsWith(`${event.target} `)) step.running.delete(key);
}

/** The counts of several step runs as one. */
export function addUp(parts: readonly { readonly counts: Counts; readonly checks: CheckCounts }[]): {
  counts: Counts;
  checks: CheckCounts;
} {
  const counts: Record<string, number> = {};
  const checks = { passed: 0, failed: 0, skipped: 0 };
  for (const part of parts) {
    for (const [outcome, amount] of Object.entries(part.counts)) counts[outcome] = (counts[outcome] ?? 0) + amount;
    for (const key of ['passed', 'failed', 'skipped'] as const) checks[key] += part.checks[key];
  }
  return { counts, checks };
}
