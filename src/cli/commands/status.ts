import { baseline } from '../../journal/ledger/baseline.ts';
import { runsOf } from '../../journal/ledger/runs.ts';
import { isBack } from '../../model/baseline.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import type { Entry } from '../../model/journal.ts';
import { statusView, type TargetStatus } from '../../report/views/status-view.ts';
import type { StatusCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { readEntries } from '../past.ts';
import { colorOf, reportFor } from '../session.ts';

/** `cairn status`: what stands on each target, as the journal knows it, less what is gone whole; nothing is contacted. */
export async function status(command: StatusCommand, terminal: Terminal): Promise<ExitCode> {
  const statuses = statusesOf(await readEntries(terminal, command.inventory));
  const report = reportFor(terminal, command);
  if (command.json) for (const one of statuses) report.print(JSON.stringify(one));
  else report.print(statusView(statuses, { color: colorOf(terminal), now: new Date() }));
  await report.close();
  return exitCodes.converged;
}

function statusesOf(entries: readonly Entry[]): readonly TargetStatus[] {
  const runs = runsOf(entries);
  // What a step keeps, or doesn't declare any more, isn't waiting to be taken back.
  const standing = Map.groupBy(
    baseline(entries).filter((entry) => entry.kept === undefined && !isBack(entry)),
    ({ target }) => target,
  );
  const gone = new Set(entries.flatMap((entry) => (entry.is === 'run-finished' ? entry.cleared : [])));
  const targets = new Set(runs.flatMap((run) => run.targets)).difference(gone);
  return [...targets].map((target) => {
    const last = runs.findLast((run) => run.targets.includes(target));
    const left = standing.get(target) ?? [];
    const oldest = runs.find(({ run }) => run === left.at(-1)?.run);
    return {
      target,
      standing: left.length,
      ...(last ? { last: { ...last, ...(last.end ? { code: last.end.code } : {}) } } : {}),
      ...(oldest ? { baseline: { run: oldest.run, at: oldest.at } } : {}),
    };
  });
}
