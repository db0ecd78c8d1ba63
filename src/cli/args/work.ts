import type { Command as Cli } from 'commander';
import type { Command } from './command.ts';
import { addConsent, addGoal, addWorking, consentOf, goalOf, type Raw, workingOf } from './options.ts';

/** Takes what was understood; called at most once a parse. */
export type Found = (command: Command) => void;

/** The commands that work on targets: plan, up, verify, undo. */
export function addWorkCommands(program: Cli, found: Found): void {
  addPlan(program, found);
  addUp(program, found);
  addVerify(program, found);
  addUndo(program, found);
}

function addPlan(program: Cli, found: Found): void {
  const own = program
    .command('plan')
    .argument('<playbook>')
    .description('show what a run would change; nothing is touched')
    .option('--undo', 'show what undo would do')
    .option('--exit-code', 'end with 3 when changes are pending')
    .addHelpText('after', examples('plan playbooks/devpi.yaml', 'plan playbooks/devpi.yaml --undo --run 7f3a'))
    .action((playbook: string, raw: Raw) => {
      const goal = goalOf(raw);
      const undo = raw.undo ?? false;
      if (!undo && (goal.run ?? goal.to) !== undefined) own.error('--run and --to belong to --undo');
      found({ name: 'plan', playbook, undo, exitCode: raw.exitCode ?? false, ...goal, ...workingOf(raw) });
    });
  addWorking(addGoal(own));
}

function addUp(program: Cli, found: Found): void {
  const own = program
    .command('up')
    .argument('[playbook]')
    .description('make it so, and prove it')
    .option('--run <id>', 'go on with this run after a crash or a failure')
    .option('--no-verify', 'skip the checks of steps that changed')
    .option('--disrupt', 'run also checks that restart or kill something')
    .addHelpText(
      'after',
      examples('up playbooks/devpi.yaml', 'up playbooks/devpi.yaml --only devpi/40,50-60', 'up --run 7f3a'),
    )
    .action((playbook: string | undefined, raw: Raw) => {
      if (playbook === undefined && raw.run === undefined)
        own.error('up needs a playbook, or --run with a run to go on with');
      found({
        name: 'up',
        ...(playbook === undefined ? {} : { playbook }),
        ...(raw.run === undefined ? {} : { run: raw.run }),
        verify: raw.verify ?? true,
        disrupt: raw.disrupt ?? false,
        ...consentOf(raw),
        ...workingOf(raw),
      });
    });
  addWorking(addConsent(own));
}

function addVerify(program: Cli, found: Found): void {
  const own = program
    .command('verify')
    .argument('<playbook>')
    .description('prove from outside that everything behaves; nothing is changed for good')
    .option('--disrupt', 'run also checks that restart or kill something')
    .addHelpText('after', examples('verify playbooks/devpi.yaml', 'verify playbooks/devpi.yaml --only devpi/80'))
    .action((playbook: string, raw: Raw) => {
      found({ name: 'verify', playbook, disrupt: raw.disrupt ?? false, ...workingOf(raw) });
    });
  addWorking(own);
}

function addUndo(program: Cli, found: Found): void {
  const own = program
    .command('undo')
    .argument('<playbook>')
    .description('give back what was there before, newest first')
    .option('--force', 'take back also what others changed after us')
    .option('--all', 'take back also what steps keep: packages, caches')
    .addHelpText(
      'after',
      examples(
        'undo playbooks/devpi.yaml',
        'undo playbooks/devpi.yaml --run 7f3a',
        'undo playbooks/devpi.yaml --to 50',
      ),
    )
    .action((playbook: string, raw: Raw) => {
      found({
        name: 'undo',
        playbook,
        force: raw.force ?? false,
        all: raw.all ?? false,
        ...goalOf(raw),
        ...consentOf(raw),
        ...workingOf(raw),
      });
    });
  addWorking(addConsent(addGoal(own)));
}

/** The lines beneath a command's help. */
export function examples(...commands: readonly string[]): string {
  return ['', 'Examples:', ...commands.map((line) => `  cairn ${line}`)].join('\n');
}
