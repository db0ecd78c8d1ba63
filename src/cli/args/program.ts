import { Command as Cli } from 'commander';
import { addClusterCommands } from './cluster.ts';
import { addCommand, examplesText, type Found } from './declared.ts';
import { hostCommands } from './hosts.ts';
import { lookCommands } from './look.ts';
import { workCommands } from './work.ts';

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
    .addHelpText('after', examplesText(['plan playbooks/devpi.yaml', 'up playbooks/devpi.yaml', 'COMMAND --help']));
  for (const one of [...workCommands, ...lookCommands, ...hostCommands]) addCommand(program, found, one);
  addClusterCommands(program, found);
  return program;
}
