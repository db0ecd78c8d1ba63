import { CairnError, type Diagnostic, problem, throwAll } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import { isPending } from '../../model/plan.ts';
import type { SavedPlan } from '../../model/saved-plan.ts';
import type { BuiltPlan } from '../../plan/build.ts';
import { movedSince } from '../../plan/saved/moved.ts';
import { outdated } from '../../plan/saved/outdated.ts';
import { sourcesOf } from '../../project/sources.ts';
import type { Report } from '../../report/report.ts';
import { planView } from '../../report/views/plan-view.ts';
import { execute, refOf } from '../../run/execute.ts';
import { announceLost, setLostApart, withLost } from '../../run/lost-hosts.ts';
import { againOf } from '../args/again.ts';
import type { UpCommand } from '../args/command.ts';
import { askYes, canAsk, type Terminal } from '../ask.ts';
import { lossesWithoutConsent } from '../consent.ts';
import { keepFailed, namingFailed } from '../failed-hosts.ts';
import { dropOldCopies } from '../old-copies.ts';
import { freshRunId } from '../past.ts';
import { optionsOf, runInFrame } from '../run-frame.ts';
import { logFileOf, openSession, reportFor, type Session } from '../session.ts';
import { taskOf } from '../task.ts';
import { planUp } from '../up-plan.ts';

/** `cairn up`: makes a playbook true, or exactly a saved plan; with `--run` goes on with a run that was cut short. */
export async function up(asked: UpCommand, terminal: Terminal): Promise<ExitCode> {
  const { saved, ...task } = await taskOf(asked, terminal);
  const command = await namingFailed(task.command, terminal);
  const session = await openSession(terminal, command, 'write');
  const run = command.run ?? (await freshRunId(session.project));
  const report = reportFor(terminal, command, logFileOf(session.project, run));
  const steps = session.compiled.filter(({ instance }) => instance.step.phase === 'up');
  try {
    if (saved) refuseOutdated(saved, session, terminal);
    else if (!(await confirmed(command, terminal, session, report))) return exitCodes.interrupted;
    return await runInFrame(
      {
        ...session,
        run,
        command: 'up',
        selection: command.selection,
        doing: `cairn up ${command.playbook}`,
        options: optionsOf(command, { verify: command.verify, disrupt: command.disrupt }),
        emit: report.emit,
        steps: steps.map((step) => ({ ...refOf(step), summary: step.instance.step.summary })),
      },
      async (context, state) => {
        const built = await planUp(session, command, terminal);
        if (saved) throwAll(movedSince(saved, built));
        const { reachable, lost } = setLostApart(built);
        announceLost(context, lost);
        refuseProblems(reachable, command);
        const result = withLost(await execute(context, state, reachable), lost);
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

function refuseOutdated(saved: SavedPlan, { project, compiled }: Session, { release }: Terminal): void {
  const steps = compiled.filter(({ instance }) => instance.step.phase === 'up');
  const changed = outdated(saved, { release, sources: sourcesOf(project.root), steps });
  if (changed) throw new CairnError(changed);
}

/** A plan with problems isn't begun, nor one that loses data unasked: all of it is said at once, each once. */
function refuseProblems({ plan }: Pick<BuiltPlan, 'plan'>, { allowDataLoss }: Pick<UpCommand, 'allowDataLoss'>): void {
  const changes = plan.steps.flatMap((step) => step.changes);
  const problems = new Map<string, Diagnostic>();
  for (const { problem } of changes) if (problem) problems.set(problem.summary, problem);
  throwAll([...problems.values(), ...lossesWithoutConsent(plan, allowDataLoss)]);
}

// A playbook that changes somebody's machine asks once, with its plan in sight.
async function confirmed(command: UpCommand, terminal: Terminal, session: Session, report: Report): Promise<boolean> {
  const { confirm } = session.project;
  if (confirm === undefined || command.yes || terminal.env.CI === 'true') return true;
  const { reachable, lost } = setLostApart(await planUp(session, command, terminal));
  announceLost(report, lost);
  refuseProblems(reachable, command);
  if (!reachable.plan.steps.some(({ changes }) => changes.some(isPending))) return true;
  if (!canAsk(terminal)) {
    throw new CairnError(
      problem('needs-yes', 'this playbook asks before it changes the machine, and nobody can be asked here', {
        help: 'say --yes',
      }),
    );
  }
  const { color, width } = session;
  report.print(`${planView(reachable.plan, { color, width, verbose: command.verbose, again: againOf(command) })}\n`);
  return askYes(terminal, confirm.trim());
}
