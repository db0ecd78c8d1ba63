import type { ShellText } from './quote.ts';
import type { ShellScript } from './transport.ts';

/**
 * What a shell is sent to run a script in a subshell with empty input. One that starts programs ends the shell, and minds its
 * input meanwhile, which closes when the other side is gone.
 */
export function subshell({ text, startsPrograms }: ShellScript): ShellText {
  return startsPrograms ? `(\nlife=8\n${text}) 8<&0 </dev/null; exit\n` : `(\nlife=\n${text}) </dev/null\n`;
}
