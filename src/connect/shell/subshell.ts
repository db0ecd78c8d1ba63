import type { ShellText } from './quote.ts';
import { isAlone, type ShellScript } from './transport.ts';

/**
 * What a shell is sent to run a script in a subshell with empty input. One that starts programs ends the shell, and minds its
 * input meanwhile, which closes when the other side is gone; one that is fed ends it, too.
 */
export function subshell(script: ShellScript): ShellText {
  const { text, startsPrograms } = script;
  if (!isAlone(script)) return `(\nlife=\n${text}) </dev/null\n`;
  return `(\nlife=${startsPrograms ? 8 : ''}\n${text}) 8<&0 </dev/null; exit\n`;
}
