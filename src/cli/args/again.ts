import type { Again } from '../../report/again.ts';
import type { Common, ForgetCommand, Working } from './command.ts';

/** The words of a command that the commands we offer must repeat to mean the same. */
export function againOf(command: Common | Working | ForgetCommand): Again {
  const inventory = command.inventory === undefined ? [] : ['-i', command.inventory];
  const addresses = 'addresses' in command ? command.addresses : [];
  return { inventory: shellWords(inventory), selection: shellWords([...addresses, ...selectionWords(command)]) };
}

function selectionWords(command: Common | Working): readonly string[] {
  if (!('selection' in command)) return [];
  const { only, from, limit, set } = command.selection;
  return [
    ...(only.length > 0 ? ['--only', only.join(',')] : []),
    ...(from === undefined ? [] : ['--from', from]),
    ...(limit === undefined ? [] : ['--limit', limit]),
    ...set.flatMap((one) => ['--set', one]),
    ...(command.askBecomePassword ? ['-K'] : []),
  ];
}

function shellWords(words: readonly string[]): string {
  return words
    .map((word) => ` ${/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`}`)
    .join('');
}
