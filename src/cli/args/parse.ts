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
    return refused(error, argv);
  }
  return found ?? { name: 'text', text: program.helpInformation() };
}

function refused(error: CommanderError, argv: readonly string[]): Command {
  const [summary = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const nearest = /^\(Did you mean (?:one of )?(.+?)\?\)$/.exec(suggestion ?? '')?.[1];
  const word = argv.find((one) => !one.startsWith('-'));
  const help = nearest
    ? `did you mean ${nearest}?`
    : `cairn ${word && error.code !== 'commander.unknownCommand' ? `${word} ` : ''}--help lists what there is`;
  if (error.code === 'commander.help')
    return { name: 'wrong', problems: [problem('usage', `cairn ${argv.join(' ')} needs a command`, { help })] };
  return { name: 'wrong', problems: [problem('usage', sentence(summary), { help })] };
}

// Commander quotes with ' and ends some messages with a dot.
function sentence(message: string): string {
  return message.replaceAll("'", '"').replace(/\.$/, '');
}
