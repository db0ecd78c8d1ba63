import { thisProcess } from '../journal/holder.ts';
import type { Connections } from '../model/connections.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type Emit, type ExitCode, exitCodes, type StepRef } from '../model/event.ts';
import type { Journal, Selection } from '../model/journal.ts';
import { type Project, targetsOf } from '../model/project.ts';
import { type RunContext, type RunOptions, RunState } from '../run/context.ts';
import { LockBook } from '../run/lock-book.ts';
import { exitCodeOf, failureOf, type RunResult } from '../run/outcome.ts';
import type { Consent, Working } from './args/command.ts';
import { systemClock } from './clock.ts';

/** What a command gives to have a run carried out. */
export interface RunFrame {
  readonly run: string;
  readonly command: RunContext['command'];
  readonly undoes?: string;
  readonly project: Project;
  readonly selection: Selection;
  readonly connections: Connections;
  readonly journal: Journal;
  /** For whoever finds the lock taken: `cairn up playbooks/devpi.yaml`. */
  readonly doing: string;
  readonly options: RunOptions;
  readonly emit: Emit;
  readonly steps: readonly (StepRef & { readonly summary: string })[];
}

/**
 * Takes the locks, carries out the work, writes down how it ended, and gives the locks back, whatever happens.
 * Ctrl-C lets the write in flight end; a second one stops at once.
 */
export async function runInFrame(
  frame: RunFrame,
  work: (context: RunContext, state: RunState) => Promise<RunResult>,
): Promise<ExitCode> {
  const state = new RunState();
  const locks = new LockBook(thisProcess(frame.run, frame.doing));
  const interrupt = new Interrupt(frame.emit);
  const began = systemClock.now();
  const context: RunContext = { ...frame, clock: systemClock, signal: interrupt.signal, locks };
  begin(frame);
  let result: RunResult;
  try {
    result = await takeLocks(context).then(() => work(context, state));
  } catch (error) {
    const failure = failureOf({}, error);
    result = { code: exitCodeOf(failure.causes[0]), recap: [], failure, notReached: [] };
  }
  await end(frame, state, result, systemClock.now() - began);
  await locks.release();
  interrupt.close();
  return result.code;
}

function begin({ run, command, project, emit, steps }: RunFrame): void {
  const targets = [...new Set(project.instances.flatMap(targetsOf).map(({ name }) => name))];
  const { name, playbook, inventory } = project;
  emit({ type: 'run-started', run, command, name, playbook, inventory, targets, steps, at: systemClock.date() });
}

async function takeLocks({ project, connections, locks }: RunContext): Promise<void> {
  const targets = new Set(project.instances.flatMap(targetsOf));
  const states = await Promise.all([...targets].map((target) => connections.open(target)));
  for (const state of states) if (state.is === 'open') await locks.take(state);
}

async function end(frame: RunFrame, state: RunState, result: RunResult, ms: number): Promise<void> {
  const { run, journal, emit, project, command } = frame;
  const { code, recap, failure, notReached } = result;
  if (state.started)
    await journal.append({ is: 'run-finished', run, code, cleared: [...state.gone], at: systemClock.date() });
  const farewell = code === exitCodes.converged && command === 'up' ? project.farewell : undefined;
  emit({
    type: 'run-finished',
    run,
    code,
    recap,
    ...(failure ? { failure } : {}),
    changed: state.changed,
    notReached,
    ...(farewell === undefined ? {} : { farewell }),
    ms,
  });
}

const patience = 5 * 60_000;
const mostTargets = 50;

/** A command's options for the run, with what it leaves out at its default. */
export function optionsOf(command: Working & Partial<Consent>, more: Partial<RunOptions> = {}): RunOptions {
  return {
    verify: false,
    disrupt: false,
    allowReplace: command.allowReplace ?? false,
    allowDataLoss: command.allowDataLoss ?? [],
    force: false,
    concurrency: command.concurrency ?? mostTargets,
    timeout: command.timeout ?? patience,
    ...more,
  };
}

const stopping: Diagnostic = {
  severity: 'warning',
  code: 'stopping',
  summary: 'Stopping after the write in flight; once more stops at once',
};

/** SIGINT, SIGTERM and SIGHUP as an abort signal. */
class Interrupt {
  readonly #controller = new AbortController();
  readonly #emit: Emit;
  readonly #signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

  constructor(emit: Emit) {
    this.#emit = emit;
    for (const name of this.#signals) process.on(name, this.#heard);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  close(): void {
    for (const name of this.#signals) process.off(name, this.#heard);
  }

  readonly #heard = (): void => {
    if (this.#controller.signal.aborted) process.exit(exitCodes.interrupted);
    this.#emit({ type: 'notice', diagnostic: stopping });
    this.#controller.abort();
  };
}
