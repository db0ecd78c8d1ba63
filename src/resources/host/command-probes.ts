import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Guard, HostReader, Question, RunResult, RunSpec } from '../../model/host.ts';
import type { Sign } from '../../model/revert.ts';
import type { CommandId } from './command.ts';

/** A shell's words for "found, not executable" and "not found": the tool comes later, so nothing has been done yet. */
const noProgram: ReadonlySet<number> = new Set([126, 127]);

/** Which probes a command has, by name. */
export function probesOf({ creates, unless, onlyIf }: CommandId): readonly string[] {
  return Object.entries({ creates, unless, onlyIf }).flatMap(([name, probe]) => (probe === undefined ? [] : [name]));
}

/** True when any probe says that the command has been done. Rejects when one can't tell. */
export async function isDone(id: CommandId, from: HostReader): Promise<boolean> {
  return saysDone(id, await Promise.all(questionsOf(id).map((question) => from.ask(question))));
}

/** What a host is asked for that. */
export function questionsOf(id: CommandId): readonly Question[] {
  const { creates, unless, onlyIf } = id;
  return [
    ...(creates === undefined ? [] : [{ ask: 'stat', path: creates } as const]),
    ...[unless, onlyIf].flatMap((argv) => (argv ? [{ ask: 'run', ...placed(id, argv) } as const] : [])),
  ];
}

/** The same of its answers. Throws `unreadable` when one can't tell. */
export function saysDone(id: CommandId, answers: readonly unknown[]): boolean {
  const { creates, unless, onlyIf } = id;
  const left = [...answers];
  const said = [
    creates !== undefined && left.shift() !== null,
    unless && succeeded(id, unless, left.shift() as RunResult),
    onlyIf && succeeded(id, onlyIf, left.shift() as RunResult) === false,
  ];
  return said.some((one) => one === true);
}

// Null: the program isn't there.
function succeeded({ id }: CommandId, argv: RunSpec['argv'], { status, timedOut }: RunResult): boolean | null {
  if (timedOut) {
    throw new CairnError(problem('unreadable', `the probe ${argv.join(' ')} of command ${id} did not end in time`));
  }
  return noProgram.has(status) ? null : status === 0;
}

function placed({ cwd, probeTimeout }: CommandId, argv: RunSpec['argv']): RunSpec {
  return {
    argv,
    ...(cwd === undefined ? {} : { cwd }),
    ...(probeTimeout === undefined ? {} : { timeout: probeTimeout }),
  };
}

/**
 * What must still hold before the command or its undo runs. Only for probes that are alone: of several, one may say
 * what another doesn't.
 */
export function guardsOf(id: CommandId, isThere: boolean): readonly Guard[] {
  const one = probesOf(id).length === 1;
  const guards: Guard[] = [];
  if (id.creates !== undefined && !isThere)
    guards.push({ question: { ask: 'stat', path: id.creates }, expected: null });
  if (id.unless && (one || !isThere)) {
    guards.push({ question: { ask: 'run', ...placed(id, id.unless) }, succeeds: isThere });
  }
  if (id.onlyIf && (one || !isThere)) {
    guards.push({ question: { ask: 'run', ...placed(id, id.onlyIf) }, succeeds: !isThere });
  }
  return guards;
}

/** The same probes for a host that looks by itself. */
export function signsOf({ creates, unless, onlyIf }: CommandId): readonly Sign[] {
  return [
    ...(creates === undefined ? [] : [{ exists: creates }]),
    ...(unless ? [{ succeeds: unless }] : []),
    ...(onlyIf ? [{ fails: onlyIf }] : []),
  ];
}
