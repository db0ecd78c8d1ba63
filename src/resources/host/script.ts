import type { Inputs } from '../../model/deferred.ts';
import type { More, Resource } from '../../model/resource.ts';
import type { Secret } from '../../model/secret.ts';
import { type CommandId, type CommandLive, command } from './command.ts';

export interface ScriptWant {
  /** The whole script; it travels by stdin and is never a file on the host. */
  readonly content: string | Secret;
  readonly env?: Readonly<Record<string, string | Secret>>;
}

export interface ScriptMore {
  /** What reads a script from its input; default `sh -eu`. */
  readonly interpreter?: readonly [string, ...string[]];
  readonly args?: readonly string[];
}

/** A script that is run until its effect can be seen: a command whose program reads it from its input. */
export function script(spec: CommandId & ScriptMore & Inputs<ScriptWant>, more?: More): Resource<CommandLive> {
  const {
    interpreter = ['sh', '-eu', '-s', '--'],
    args = [],
    content,
    ...rest
  } = spec as CommandId & ScriptMore & ScriptWant;
  const [program, ...words] = interpreter;
  return command({ ...rest, argv: [program, ...words, ...args], stdin: content }, more);
}
