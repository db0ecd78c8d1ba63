import { CairnError, type Diagnostic, problem, throwAll } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import { isPending, type Plan } from '../../model/plan.ts';
import { undoQuestion } from '../../report/views/undo-view.ts';
import { announceLost, withLost } from '../../run/lost-hosts.ts';
import { executeUndo } from '../../run/undo.ts';
import type { UndoCommand } from '../args/command.ts';
import { askYes, canAsk, type Terminal } from '../ask.ts';
import { lossesWithoutConsent } from '../consent.ts';
import { keepFailed, namingFailed } from '../failed-hosts.ts';
import { dropOldCopies } from '../old-copies.ts';
import { freshRunId } from '../past.ts';
import { optionsOf, runInFrame } from '../run-frame.ts';
import { logFileOf, openSession, reportFor } from '../session.ts';
import { planUndo, showUndo } from './undo-plan.ts';

/** `cairn undo`: shows what giving everything back would do, asks, and does it. */
export async function undo(asked: UndoCommand, terminal: Terminal): Promise<ExitCode> {
  const command = await namingFailed(asked, terminal);
  const session = await openSession(terminal, { ...command, undo: true }, 'write');
  const run = await freshRunId(session.project);
  const report = reportFor(terminal, command, logFileOf(session.project, run));
  try {
    const prepared = await planUndo(session, command, { force: command.force, all: command.all });
    const { lost } = prepared;
    announceLost(report, lost);
    if (command.json) report.emit({ type: 'plan-made', plan: prepared.plan });
    else report.print(await showUndo(session, prepared.plan, command));
    const changes = prepared.plan.steps.flatMap((step) => step.changes);
    const problems = refusals(prepared.plan, command);
    if (problems.length > 0 && !command.json) report.print('');
    throwAll(problems);
    if (changes.every(({ verb }) => verb === 'kept')) return lost.size > 0 ? exitCodes.failed : exitCodes.converged;
    if (changes.some(isPending) && !(await confirmed(prepared.plan, command, terminal))) return exitCodes.interrupted;
    return await runInFrame(
      {
        ...session,
        run,
        command: 'undo',
        ...(command.run === undefined ? {} : { undoes: command.run }),
        selection: command.selection,
        doing: `cairn undo ${command.playbook}`,
        options: optionsOf(command, { force: command.force }),
        emit: report.emit,
        steps: prepared.plan.steps.map(({ id, target, summary }) => ({ step: id, target, summary })),
      },
      async (context, state) => {
        const result = withLost(await executeUndo(context, state, prepared.steps), lost);
        keepFailed(session.project, result);
        await dropOldCopies(session, context, state);
        return result;
      },
    );
  } finally {
    await report.close();
    await session.close();
  }
}

function refusals(plan: Plan, { allowDataLoss }: UndoCommand): readonly Diagnostic[] {
  const changes = plan.steps.flatMap((step) => step.changes);
  const refused = changes.flatMap((change) => (change.verb === 'refused' && change.problem ? [change.problem] : []));
  return [...refused, ...lossesWithoutConsent(plan, allowDataLoss)];
}

async function confirmed(plan: Plan, { yes }: UndoCommand, terminal: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!canAsk(terminal)) {
    throw new CairnError(
      problem('needs-yes', 'undo asks before it begins, and nobody can be asked here', { help: 'say --yes' }),
    );
  }
  return askYes(terminal, undoQuestion(plan));
}
