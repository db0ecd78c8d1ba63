import { CommanderError } from 'commander';
import { problem } from '../../model/diagnostic.ts';
import type { Command } from './command.ts';
import { buildProgram } from './program.ts';

/**
 * Understands a command line. Pure: prints nothing, exits never, looks at nothing but its arguments.
 * @param argv words after the program's name
 */
export function parseArgs(argv: readonly string[], version: string): Command {
  const printed = { text: '' };
  let found: Command | undefined;
  const program = buildProgram(
    version,
    (command) => {
      found = command;
    },
    printed,
  );
  if (argv.length === 0) return { name: 'text', text: program.helpInformation() };
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { name: 'text', text: printed.text };
    return refused(
      error,
      argv,
      program.commands.map((one) => one.name()),
    );
  }
  return found ?? { name: 'text', text: program.helpInformation() };
}

function refused(error: CommanderError, argv: readonly string[], commands: readonly string[]): Command {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const summary = error.code === 'commander.help' ? `cairn ${argv.join(' ')} needs a command` : sentence(message);
  const nearest = /^\(Did you mean (?:one of )?(.+?)\?\)$/.exec(suggestion ?? '')?.[1];
  const first = argv.find((one) => !one.startsWith('-')) ?? '';
  const word = commands.includes(first) ? `${first} ` : '';
  const help = nearest ? `did you mean ${nearest}?` : `cairn ${word}--help lists what there is`;
  return { name: 'wrong', problems: [problem('usage', summary, { help })] };
}

// Commander quotes with ' and ends some messages with a dot.
function sentence(message: string): string {
  return message.replaceAll("'", '"').replace(/\.$/, '');
}
