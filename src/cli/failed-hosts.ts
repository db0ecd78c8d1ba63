import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { CairnError, problem } from '../model/diagnostic.ts';
import type { Project } from '../model/project.ts';
import { findRoot } from '../project/project-file.ts';
import { type RunResult, targetsOfFailures } from '../run/outcome.ts';
import type { Working } from './args/command.ts';
import type { Terminal } from './ask.ts';
import { journalSettings } from './past.ts';

const word = '@failed';

type Kept = Readonly<Record<string, readonly string[]>>;

/** Keeps which hosts failed in the last run of a playbook, or gave no answer: for `--limit @failed`. */
export function keepFailed({ journal, playbook }: Project, result: RunResult): void {
  const file = fileIn(journal.folder);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const kept = { ...read(file), [playbook]: targetsOfFailures(result) };
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
}

/**
 * A command with the names of the hosts that failed in place of `--limit @failed`, as its journal is to remember it.
 * @throws CairnError `nothing-failed`
 */
export async function namingFailed<C extends Working & { readonly playbook: string }>(
  command: C,
  terminal: Terminal,
): Promise<C> {
  if (command.selection.limit !== word) return command;
  const { folder } = await journalSettings(terminal, command.inventory);
  const failed = read(fileIn(folder))[nameOf(command.playbook, terminal.cwd)] ?? [];
  if (failed.length === 0) {
    const summary = `--limit ${word}: no host failed in the last run of ${command.playbook}`;
    throw new CairnError(problem('nothing-failed', summary, { help: 'leave --limit out, or name hosts' }));
  }
  return { ...command, selection: { ...command.selection, limit: failed.join(':') } };
}

function fileIn(folder: string): string {
  return join(folder, 'failed-hosts.json');
}

// A file that a crash or a hand left damaged says nothing; the next run writes it anew.
function read(file: string): Kept {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    return {};
  }
}

// As a project calls it, from its root.
function nameOf(playbook: string, cwd: string): string {
  const root = findRoot(cwd);
  const file = resolve(cwd, playbook);
  return relative(root, existsSync(file) ? file : resolve(root, playbook));
}
