import { Command as Cli } from 'commander';
import { addLookCommands } from './look.ts';
import { addWorkCommands, examples, type Found } from './work.ts';

export interface Printed {
  text: string;
}

/**
 * Every command with its options. Nothing is printed and nothing exits: what commander says is gathered in `printed`,
 * what it refuses is thrown as a `CommanderError`.
 */
export function buildProgram(version: string, found: Found, printed: Printed): Cli {
  const program = new Cli('cairn')
    .description('Provisions hosts and Kubernetes from numbered steps: plan, run, verify, undo')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        printed.text += text;
      },
      writeErr: () => {},
      getOutHasColors: () => false,
      getOutHelpWidth: () => 100,
    })
    .addHelpText('after', examples('plan playbooks/devpi.yaml', 'up playbooks/devpi.yaml', 'COMMAND --help'));
  addWorkCommands(program, found);
  addLookCommands(program, found);
  return program;
}
