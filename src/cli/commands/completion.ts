import { type ExitCode, exitCodes } from '../../model/event.ts';
import type { CompletionCommand } from '../args/command.ts';
import { completionScript } from '../args/completion.ts';
import type { Terminal } from '../ask.ts';

/** `cairn completion SHELL`: the script that a shell reads. */
export function completion({ shell }: CompletionCommand, { stdout }: Terminal): ExitCode {
  stdout.write(completionScript(shell));
  return exitCodes.converged;
}
