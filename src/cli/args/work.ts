import type { DeclaredCommand } from './declared.ts';
import {
  addCommon,
  addConsent,
  addGoal,
  addSet,
  addWorking,
  consentOf,
  goalOf,
  playbookOf,
  workingOf,
} from './options.ts';

const disrupt = ['--disrupt', 'run also checks that restart or kill something'] as const;

const plan: DeclaredCommand = {
  usage: 'plan <playbook>',
  about: 'show what a run would change; nothing is touched',
  examples: [
    'plan playbooks/devpi.yaml',
    'plan playbooks/devpi.yaml --out devpi.plan',
    'plan playbooks/devpi.yaml --undo --run 7f3a',
  ],
  options: (cli) =>
    addWorking(
      addGoal(
        cli
          .option('--undo', 'show what undo would do')
          .option('--exit-code', 'end with 3 when changes are pending')
          .option('--out <file>', 'save the plan, to be carried out exactly by: cairn up FILE'),
      ),
    ),
  read({ words: [playbook = ''], raw }, refuse) {
    const goal = goalOf(raw);
    const undo = raw.undo ?? false;
    if (!undo && (goal.run ?? goal.to) !== undefined) refuse('--run and --to belong to --undo');
    const { out } = raw;
    if (undo && out !== undefined) refuse('--out saves what cairn up does, and --undo shows something else');
    if (out !== undefined && /\.ya?ml$/.test(out)) refuse('--out: cairn up would take a name like that for a playbook');
    return {
      name: 'plan',
      playbook,
      undo,
      exitCode: raw.exitCode ?? false,
      ...(out === undefined ? {} : { out }),
      ...goal,
      ...workingOf(raw),
    };
  },
};

const up: DeclaredCommand = {
  usage: 'up [playbook-or-plan]',
  about: 'make it so, and prove it',
  examples: [
    'up playbooks/devpi.yaml',
    'up playbooks/devpi.yaml --only devpi/40,50-60',
    'up devpi.plan',
    'up --run 7f3a',
  ],
  options: (cli) =>
    addWorking(
      addConsent(
        cli
          .option('--run <id>', 'go on with this run after a crash or a failure')
          .option('--no-verify', 'skip the checks of steps that changed')
          .option(...disrupt),
      ),
    ),
  read({ words: [playbook], raw }, refuse) {
    const { run } = raw;
    if (playbook === undefined && run === undefined) refuse('up needs a playbook, or --run with a run to go on with');
    return {
      name: 'up',
      ...playbookOf(playbook),
      ...(run === undefined ? {} : { run }),
      verify: raw.verify ?? true,
      disrupt: raw.disrupt ?? false,
      ...consentOf(raw),
      ...workingOf(raw),
    };
  },
};

const verify: DeclaredCommand = {
  usage: 'verify <playbook>',
  about: 'prove from outside that everything behaves; nothing is changed for good',
  examples: ['verify playbooks/devpi.yaml', 'verify playbooks/devpi.yaml --only devpi/80'],
  options: (cli) => addWorking(cli.option(...disrupt)),
  read: ({ words: [playbook = ''], raw }) => ({
    name: 'verify',
    playbook,
    disrupt: raw.disrupt ?? false,
    ...workingOf(raw),
  }),
};

const undo: DeclaredCommand = {
  usage: 'undo <playbook>',
  about: 'give back what was there before, newest first',
  examples: ['undo playbooks/devpi.yaml', 'undo playbooks/devpi.yaml --run 7f3a', 'undo playbooks/devpi.yaml --to 50'],
  options: (cli) =>
    addWorking(
      addConsent(
        addGoal(
          cli
            .option('--force', 'take back also what others changed after us')
            .option('--all', 'take back also what steps keep: packages, caches'),
        ),
      ),
    ),
  read: ({ words: [playbook = ''], raw }) => ({
    name: 'undo',
    playbook,
    force: raw.force ?? false,
    all: raw.all ?? false,
    ...goalOf(raw),
    ...consentOf(raw),
    ...workingOf(raw),
  }),
};

const forget: DeclaredCommand = {
  usage: 'forget <playbook> <addresses...>',
  about: 'let go of single things without touching what they are: undo and up leave them from then on',
  examples: ['forget playbooks/devpi.yaml Secret/devpi/redis', 'forget playbooks/web.yaml file/etc/motd --limit web1'],
  options: (cli) =>
    addCommon(
      addSet(
        cli
          .option('--yes', 'don’t ask')
          .option('--limit <hosts>', 'only on these hosts and groups, and their clusters: web:&prod:!db1'),
      ),
    ),
  read: ({ words: [playbook = '', ...addresses], raw }) => ({
    name: 'forget',
    playbook,
    addresses: addresses.filter((address) => address !== undefined),
    yes: raw.yes ?? false,
    ...workingOf(raw),
  }),
};

/** The commands that work on targets. */
export const workCommands: readonly DeclaredCommand[] = [plan, up, verify, undo, forget];
