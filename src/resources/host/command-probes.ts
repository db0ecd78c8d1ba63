import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Guard, HostReader, RunSpec } from '../../model/host.ts';
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
  const said = await Promise.all([
    id.creates !== undefined && from.ask({ ask: 'stat', path: id.creates }).then((state) => state !== null),
    id.unless && succeeds(id, id.unless, from),
    id.onlyIf && succeeds(id, id.onlyIf, from).then((needed) => needed === false),
  ]);
  return said.some((one) => one === true);
}

// Null: the program isn't there.
async function succeeds(id: CommandId, argv: RunSpec['argv'], from: HostReader): Promise<boolean | null> {
  const { status, timedOut } = await from.ask({ ask: 'run', ...placed(id, argv) });
  if (timedOut) {
    throw new CairnError(problem('unreadable', `the probe ${argv.join(' ')} of command ${id.id} did not end in time`));
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
