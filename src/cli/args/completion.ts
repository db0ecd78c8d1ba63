import type { Command as Cli } from 'commander';
import type { Shell } from './command.ts';
import { buildProgram } from './program.ts';

interface Word {
  readonly name: string;
  readonly about: string;
  /** Options and subcommands. */
  readonly next: readonly string[];
}

/** The completion script of a shell: commands, subcommands and options; files elsewhere. */
export function completionScript(shell: Shell): string {
  const words = buildProgram('', () => {}, { text: '' }).commands.map(wordOf);
  if (shell === 'fish') return fishScript(words);
  const bash = bashScript(words);
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bash}` : bash;
}

function wordOf(cli: Cli): Word {
  const subcommands = cli.commands.map((one) => one.name());
  const options = [cli, ...cli.commands].flatMap((one) => one.options.map((option) => option.long ?? ''));
  return { name: cli.name(), about: cli.description(), next: [...subcommands, ...new Set(options)] };
}

function bashScript(words: readonly Word[]): string {
  const cases = words.map((word) => `    ${word.name}) words='${word.next.join(' ')}' ;;`);
  return [
    '_cairn() {',
    `  local words='${words.map((word) => word.name).join(' ')}'`,
    '  if [ "$COMP_CWORD" -gt 1 ]; then',
    '    case "${COMP_WORDS[1]}" in',
    ...cases.map((line) => `  ${line}`),
    '    esac',
    '  fi',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _cairn cairn',
    '',
  ].join('\n');
}

function fishScript(words: readonly Word[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = words.flatMap((word) => [
    `complete -c cairn -n __fish_use_subcommand -a ${word.name} -d ${quoted(word.about)}`,
    ...word.next.map((next) => `complete -c cairn -n '__fish_seen_subcommand_from ${word.name}' ${fishFlag(next)}`),
  ]);
  return `${lines.join('\n')}\n`;
}

function fishFlag(word: string): string {
  return word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
}
