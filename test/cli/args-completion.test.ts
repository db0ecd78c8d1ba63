import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completionScript } from '../../src/cli/args/completion.ts';

/** What bash offers after these words. */
function offered(...words: readonly string[]): readonly string[] {
  const quoted = ['cairn', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _cairn; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = execFileSync('bash', ['-c', `${completionScript('bash')}\n${ask}`], { encoding: 'utf8' });
  return answer.trim().split('\n');
}

test('bash completes commands, their options and subcommands', () => {
  expect(offered('pl')).toEqual(['plan']);
  expect(offered('up', '--on')).toEqual(['--only']);
  expect(offered('plan', '--ou')).toEqual(['--out']);
  expect(offered('fetch', '--conc')).toEqual(['--concurrency']);
  expect(offered('shell', '--acc')).toEqual(['--accept-new-host-keys']);
  expect(offered('cluster', 'k')).toEqual(['kubeconfig']);
});

test('zsh takes the script of bash', () => {
  expect(completionScript('zsh')).toMatch(/^autoload -U \+X bashcompinit && bashcompinit\n_cairn\(\)/);
});

test('fish has a line for each command and option', () => {
  expect(completionScript('fish')).toContain(
    "complete -c cairn -n __fish_use_subcommand -a verify -d 'prove from outside that everything behaves; nothing is changed for good'\n",
  );
  expect(completionScript('fish')).toContain("complete -c cairn -n '__fish_seen_subcommand_from undo' -l force\n");
});
