import type { ShellText } from './quote.ts';
import { isAlone, type ShellScript } from './transport.ts';

/**
 * What a shell is sent to run a script with empty input: in a subshell, or as its own last one. That is one that starts programs,
 * and minds the shell's input meanwhile, which closes when the other side is gone, or one that is fed. All of it is read first.
 */
export function subshell(script: ShellScript): ShellText {
  const { text, startsPrograms } = script;
  if (!isAlone(script)) return `(\nlife=\n${text}) </dev/null\n`;
  return `{\nlife=${startsPrograms ? 8 : ''}\n${text}\nexit; } 8<&0 </dev/null\n`;
}
