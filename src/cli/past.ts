import { FileJournal } from '../journal/file-journal.ts';
import { type RunRecord, runsOf } from '../journal/ledger/runs.ts';
import { runIdsIn } from '../journal/run-ids.ts';
import type { Entry } from '../model/journal.ts';
import type { JournalSettings, Project } from '../model/project.ts';
import { newRunId } from '../model/run-id.ts';
import { journalOf } from '../project/inventory/inventory-only.ts';
import { findRoot } from '../project/project-file.ts';
import type { Terminal } from './ask.ts';

/** Where an inventory's journal is, without loading a playbook. */
export function journalSettings({ cwd, env }: Terminal, inventory: string | undefined): Promise<JournalSettings> {
  return journalOf({ root: findRoot(cwd), env, ...(inventory === undefined ? {} : { inventory }) });
}

export async function readEntries(terminal: Terminal, inventory: string | undefined): Promise<readonly Entry[]> {
  return new FileJournal(await journalSettings(terminal, inventory)).entries();
}

export async function readRuns(terminal: Terminal, inventory: string | undefined): Promise<readonly RunRecord[]> {
  return runsOf(await readEntries(terminal, inventory));
}

/** An id that no run in a project's journal has had. */
export async function freshRunId({ journal }: Pick<Project, 'journal'>): Promise<string> {
  return newRunId(await runIdsIn(journal.folder));
}
