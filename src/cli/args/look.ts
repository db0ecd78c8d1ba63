import { Argument } from 'commander';
import { type Shell, shells } from './command.ts';
import type { DeclaredCommand } from './declared.ts';
import { addCommon, addSet, commonOf, playbookOf } from './options.ts';

const lint: DeclaredCommand = {
  usage: 'lint [playbook]',
  about: 'report every problem of the input, before anything is touched',
  examples: ['lint', 'lint playbooks/devpi.yaml -i inventory/example'],
  options: (cli) => addCommon(addSet(cli)),
  read: ({ words: [playbook], raw }) => ({
    name: 'lint',
    ...playbookOf(playbook),
    set: raw.set ?? [],
    ...commonOf(raw),
  }),
};

const status: DeclaredCommand = {
  usage: 'status',
  about: 'what stands on each target, and who works there',
  examples: ['status', 'status -i inventory/example'],
  options: addCommon,
  read: ({ raw }) => ({ name: 'status', ...commonOf(raw) }),
};

const history: DeclaredCommand = {
  usage: 'history [run]',
  about: 'past runs, newest first; or one of them',
  examples: ['history', 'history 7f3a --log'],
  options: (cli) => addCommon(cli.option('--log', 'the saved log of the run')),
  read({ words: [run], raw }, refuse) {
    if (raw.log && run === undefined) refuse('--log needs a run: cairn history RUN --log');
    return { name: 'history', ...(run === undefined ? {} : { run }), log: raw.log ?? false, ...commonOf(raw) };
  },
};

const explain: DeclaredCommand = {
  usage: 'explain <key> [playbook]',
  about: 'where a variable’s value comes from, and what it reaches',
  examples: ['explain devpi.image.tag', 'explain devpi.image.tag playbooks/devpi.yaml'],
  options: (cli) => addCommon(addSet(cli)),
  read: ({ words: [key = '', playbook], raw }) => ({
    name: 'explain',
    key,
    ...playbookOf(playbook),
    set: raw.set ?? [],
    ...commonOf(raw),
  }),
};

const inventory: DeclaredCommand = {
  usage: 'inventory',
  about: 'groups, hosts and clusters, as they were understood',
  examples: ['inventory', 'inventory -i inventory/example --json'],
  options: addCommon,
  read: ({ raw }) => ({ name: 'inventory', ...commonOf(raw) }),
};

const completion: DeclaredCommand = {
  usage: 'completion',
  about: 'print a completion script',
  examples: ['completion fish > ~/.config/fish/completions/cairn.fish'],
  options: (cli) => cli.addArgument(new Argument('<shell>').choices(shells)),
  read: ({ words: [shell] }) => ({ name: 'completion', shell: shell as Shell }),
};

/** The commands that only look. */
export const lookCommands: readonly DeclaredCommand[] = [lint, status, history, explain, inventory, completion];
