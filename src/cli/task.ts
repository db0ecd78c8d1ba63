import { CairnError, problem } from '../model/diagnostic.ts';
import type { SavedPlan } from '../model/saved-plan.ts';
import type { UpCommand } from './args/command.ts';
import type { Terminal } from './ask.ts';
import { readRuns } from './past.ts';
import { isPlanFile, readPlan } from './plan-file.ts';

/** What `up` is to carry out. */
export interface Task {
  readonly command: UpCommand & { readonly playbook: string };
  /** The plan that must happen exactly as it stands. */
  readonly saved?: SavedPlan;
}

/** A playbook as it was asked for, a saved plan, or the run that was cut short: each with what its command line chose. */
export async function taskOf(asked: UpCommand, terminal: Terminal): Promise<Task> {
  const { playbook: name } = asked;
  if (name === undefined || !isPlanFile(name, terminal.cwd)) return { command: await resume(asked, terminal) };
  const { run, inventory, selection } = asked;
  const { only, from, limit, set } = selection;
  if ([run, inventory, from, limit, ...only, ...set].some((word) => word !== undefined)) {
    const help = 'leave out -i, --only, --from, --limit, --set and --run, or plan anew with them';
    throw new CairnError(
      problem('usage', `${name} is a saved plan: it brings its own inventory and selection`, { help }),
    );
  }
  const saved = readPlan(name, terminal.cwd);
  const { playbook, inventory: own, selection: chosen } = saved;
  return { command: { ...asked, playbook, inventory: own, selection: chosen }, saved };
}

async function resume(asked: UpCommand, terminal: Terminal): Promise<Task['command']> {
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
