import type { Command as Cli } from 'commander';
import { addCommand, type DeclaredCommand, examplesText, type Found } from './declared.ts';
import { addCommon, commonOf } from './options.ts';

const yes = ['--yes', 'don’t ask'] as const;

const actions: readonly DeclaredCommand[] = [
  {
    usage: 'up',
    about: 'prepare this machine and raise it',
    examples: [],
    options: (cli) => addCommon(cli.option(...yes)),
    read: ({ raw }) => ({ name: 'cluster', action: 'up', yes: raw.yes ?? false, ...commonOf(raw) }),
  },
  {
    usage: 'down',
    about: 'take it away',
    examples: [],
    options: (cli) => addCommon(cli.option(...yes)).option('--all', 'packages, caches and journal too'),
    read: ({ raw }) => ({
      name: 'cluster',
      action: 'down',
      yes: raw.yes ?? false,
      all: raw.all ?? false,
      ...commonOf(raw),
    }),
  },
  {
    usage: 'status',
    about: 'whether it runs',
    examples: [],
    options: addCommon,
    read: ({ raw }) => ({ name: 'cluster', action: 'status', ...commonOf(raw) }),
  },
  {
    usage: 'kubeconfig',
    about: 'the path of its kubeconfig',
    examples: [],
    options: addCommon,
    read: ({ raw }) => ({ name: 'cluster', action: 'kubeconfig', ...commonOf(raw) }),
  },
];

/** The commands of the throw-away cluster. */
export function addClusterCommands(program: Cli, found: Found): void {
  const cluster = program.command('cluster').description('the throw-away cluster on this machine').helpCommand(false);
  cluster.addHelpText('after', examplesText(['cluster up', 'cluster down --all', 'cluster kubeconfig']));
  for (const action of actions) addCommand(cluster, found, action);
}
