import type { Command as Cli } from 'commander';
import type { Command } from './command.ts';
import type { Raw } from './options.ts';

/** Takes what was understood; called at most once a parse. */
export type Found = (command: Command) => void;

/** A command of the command line, as its help shows it and as it is understood. */
export interface DeclaredCommand {
  /** Its name and arguments: `plan <playbook>`. */
  readonly usage: string;
  readonly about: string;
  /** Command lines without `cairn`, shown beneath its help. */
  readonly examples: readonly string[];
  /** Adds its options, and arguments that `usage` can't say. */
  readonly options?: (cli: Cli) => Cli;
  /** @param refuse ends the parse with a usage error */
  readonly read: (given: Given, refuse: (why: string) => never) => Command;
}

export interface Given {
  /** The arguments in order; undefined where an optional one was left out. */
  readonly words: readonly (string | undefined)[];
  readonly raw: Raw;
}

export function addCommand(
  program: Cli,
  found: Found,
  { usage, about, examples, options, read }: DeclaredCommand,
): void {
  const cli = program.command(usage).description(about);
  if (examples.length > 0) cli.addHelpText('after', examplesText(examples));
  options?.(cli);
  cli.action((...given: readonly unknown[]) => {
    // What stands for many comes as a list of its own.
    const words = given.slice(0, -2).flat() as readonly (string | undefined)[];
    found(read({ words, raw: given.at(-2) as Raw }, (why) => cli.error(why)));
  });
}

/** The lines beneath a command's help. */
export function examplesText(examples: readonly string[]): string {
  return ['', 'Examples:', ...examples.map((line) => `  cairn ${line}`)].join('\n');
}
