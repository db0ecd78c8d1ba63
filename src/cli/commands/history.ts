import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../journal/ledger/runs.ts';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import { historyView } from '../../report/views/history-view.ts';
import type { HistoryCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { journalSettings, readRuns } from '../past.ts';
import { colorOf, reportFor } from '../session.ts';

/** `cairn history`: past runs, or the saved log of one. */
export async function history(command: HistoryCommand, terminal: Terminal): Promise<ExitCode> {
  const report = reportFor(terminal, command);
  if (command.run !== undefined && command.log) {
    report.print(await readLog(command.run, command, terminal));
  } else {
    const all = await readRuns(terminal, command.inventory);
    const runs = command.run === undefined ? all : [knownRun(command.run, all)];
    if (command.json) for (const run of runs) report.print(JSON.stringify(run));
    else report.print(historyView(runs, { color: colorOf(terminal), now: new Date() }));
  }
  await report.close();
  return exitCodes.converged;
}

function knownRun(wanted: string, runs: readonly RunRecord[]): RunRecord {
  const found = runs.find(({ run }) => run === wanted);
  if (found) return found;
  throw new CairnError(
    problem('unknown-run', `the journal knows no run "${wanted}"`, {
      help: `a run that changed nothing leaves only its log: cairn history ${wanted} --log`,
    }),
  );
}

async function readLog(run: string, { inventory }: HistoryCommand, terminal: Terminal): Promise<string> {
  const { folder } = await journalSettings(terminal, inventory);
  try {
    return readFileSync(join(folder, 'logs', `${run}.log`), 'utf8').trimEnd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CairnError(
      problem('unknown-run', `no log of a run "${run}" is saved here`, { help: 'cairn history lists the runs' }),
    );
  }
}
