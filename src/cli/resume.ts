import { CairnError, problem } from '../model/diagnostic.ts';
import type { UpCommand } from './args/command.ts';
import type { Terminal } from './ask.ts';
import { readRuns } from './past.ts';

/** A run to carry out: a new one as it was asked for, or the one that was cut short, with what its command line chose. */
export async function resume(asked: UpCommand, terminal: Terminal): Promise<UpCommand & { readonly playbook: string }> {
  const { run, playbook } = asked;
  if (run === undefined) {
    if (playbook === undefined)
      throw new CairnError(problem('usage', 'cairn up needs a playbook', { help: 'cairn up playbooks/NAME.yaml' }));
    return { ...asked, playbook };
  }
  const runs = await readRuns(terminal, asked.inventory);
  const known = runs.find((one) => one.run === run);
  if (known?.command !== 'up') {
    const open = runs.filter(({ end, command }) => end?.code !== 0 && command === 'up').map((one) => one.run);
    throw new CairnError(
      problem('unknown-run', `the journal knows no run "${run}" to go on with`, {
        help: open.length > 0 ? `runs that did not end well: ${open.join(', ')}` : 'cairn history lists the runs',
      }),
    );
  }
  return { ...asked, playbook: known.playbook, selection: known.selection, inventory: known.inventory };
}
