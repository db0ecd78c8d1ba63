import { Argument, type Command as Cli } from 'commander';
import { type Shell, shells } from './command.ts';
import { addCommon, addSet, commonOf, type Raw } from './options.ts';
import { examples, type Found } from './work.ts';

/** The commands that only look, and those of the throw-away cluster. */
export function addLookCommands(program: Cli, found: Found): void {
  addLint(program, found);
  addStatus(program, found);
  addHistory(program, found);
  addExplain(program, found);
  addInventory(program, found);
  addCluster(program, found);
  addCompletion(program, found);
}

function addLint(program: Cli, found: Found): void {
  const own = program
    .command('lint')
    .argument('[playbook]')
    .description('report every problem of the input, before anything is touched')
    .addHelpText('after', examples('lint', 'lint playbooks/devpi.yaml -i inventory/example'))
    .action((playbook: string | undefined, raw: Raw) => {
      found({ name: 'lint', ...optional(playbook), set: raw.set ?? [], ...commonOf(raw) });
    });
  addCommon(addSet(own));
}

function addStatus(program: Cli, found: Found): void {
  const own = program
    .command('status')
    .description('what stands on each target, and who works there')
    .addHelpText('after', examples('status', 'status -i inventory/example'))
    .action((raw: Raw) => found({ name: 'status', ...commonOf(raw) }));
  addCommon(own);
}

function addHistory(program: Cli, found: Found): void {
  const own = program
    .command('history')
    .argument('[run]')
    .description('past runs, newest first; or one of them')
    .option('--log', 'the saved log of the run')
    .addHelpText('after', examples('history', 'history 7f3a --log'))
    .action((run: string | undefined, raw: Raw) => {
      if (raw.log && run === undefined) own.error('--log needs a run: cairn history RUN --log');
      found({ name: 'history', ...(run === undefined ? {} : { run }), log: raw.log ?? false, ...commonOf(raw) });
    });
  addCommon(own);
}

function addExplain(program: Cli, found: Found): void {
  const own = program
    .command('explain')
    .argument('<key>')
    .argument('[playbook]')
    .description('where a variable’s value comes from, and what it reaches')
    .addHelpText('after', examples('explain devpi.image.tag', 'explain devpi.image.tag playbooks/devpi.yaml'))
    .action((key: string, playbook: string | undefined, raw: Raw) => {
      found({ name: 'explain', key, ...optional(playbook), set: raw.set ?? [], ...commonOf(raw) });
    });
  addCommon(addSet(own));
}

function addInventory(program: Cli, found: Found): void {
  const own = program
    .command('inventory')
    .description('groups, hosts and clusters, as they were understood')
    .addHelpText('after', examples('inventory', 'inventory -i inventory/example --json'))
    .action((raw: Raw) => found({ name: 'inventory', ...commonOf(raw) }));
  addCommon(own);
}

function addCluster(program: Cli, found: Found): void {
  const cluster = program.command('cluster').description('the throw-away cluster on this machine').helpCommand(false);
  cluster.addHelpText('after', examples('cluster up', 'cluster down --all', 'cluster kubeconfig'));
  const yes = 'don’t ask';
  addCommon(cluster.command('up').description('prepare this machine and raise it').option('--yes', yes)).action(
    (raw: Raw) => found({ name: 'cluster', action: 'up', yes: raw.yes ?? false, ...commonOf(raw) }),
  );
  addCommon(cluster.command('down').description('take it away').option('--yes', yes))
    .option('--all', 'packages and caches too')
    .action((raw: Raw) =>
      found({ name: 'cluster', action: 'down', yes: raw.yes ?? false, all: raw.all ?? false, ...commonOf(raw) }),
    );
  addCommon(cluster.command('status').description('whether it runs')).action((raw: Raw) =>
    found({ name: 'cluster', action: 'status', ...commonOf(raw) }),
  );
  addCommon(cluster.command('kubeconfig').description('the path of its kubeconfig')).action((raw: Raw) =>
    found({ name: 'cluster', action: 'kubeconfig', ...commonOf(raw) }),
  );
}

function addCompletion(program: Cli, found: Found): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>').choices(shells))
    .description('print a completion script')
    .addHelpText('after', examples('completion fish > ~/.config/fish/completions/cairn.fish'))
    .action((shell: Shell) => found({ name: 'completion', shell }));
}

function optional(playbook: string | undefined): { playbook?: string } {
  return playbook === undefined ? {} : { playbook };
}
