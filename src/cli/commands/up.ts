import { CairnError, type Diagnostic, problem, throwAll } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import { isPending } from '../../model/plan.ts';
import type { SavedPlan } from '../../model/saved-plan.ts';
import { type BuiltPlan, buildPlan } from '../../plan/build.ts';
import { movedSince } from '../../plan/moved.ts';
import { outdated } from '../../plan/outdated.ts';
import { sourcesOf } from '../../project/sources.ts';
import { planView } from '../../report/plan-view.ts';
import type { Report } from '../../report/report.ts';
import type { RunContext, RunState } from '../../run/context.ts';
import { execute, refOf } from '../../run/execute.ts';
import type { RunResult } from '../../run/outcome.ts';
import { againOf } from '../args/again.ts';
import type { UpCommand } from '../args/command.ts';
import { askYes, canAsk, type Terminal } from '../ask.ts';
import { systemClock } from '../clock.ts';
import { freshRunId } from '../past.ts';
import { optionsOf, runInFrame } from '../run-frame.ts';
import { logFileOf, openSession, reportFor, type Session } from '../session.ts';
import { taskOf } from '../task.ts';

/** `cairn up`: makes a playbook true, or exactly a saved plan; with `--run` goes on with a run that was cut short. */
export async function up(asked: UpCommand, terminal: Terminal): Promise<ExitCode> {
  const { command, saved } = await taskOf(asked, terminal);
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
      (context, state) => converge(context, state, { session, saved }),
    );
  } finally {
    await report.close();
    await session.close();
  }
}

interface Wanted {
  readonly session: Session;
  readonly saved: SavedPlan | undefined;
}

async function converge(context: RunContext, state: RunState, { session, saved }: Wanted): Promise<RunResult> {
  const built = await planOf(session);
  if (saved) throwAll(movedSince(saved, built));
  refuseProblems(built);
  return execute(context, state, built.steps);
}

function refuseOutdated(saved: SavedPlan, { project, compiled }: Session, { release }: Terminal): void {
  const steps = compiled.filter(({ instance }) => instance.step.phase === 'up');
  const changed = outdated(saved, { release, sources: sourcesOf(project.root), steps });
  if (changed) throw new CairnError(changed);
}

function planOf({ project, compiled, connections }: Session): Promise<BuiltPlan> {
  const steps = compiled.filter(({ instance }) => instance.step.phase === 'up');
  return buildPlan(project, steps, connections, systemClock.now);
}

/** A plan with problems isn't begun: all of them are said at once, each once. */
export function refuseProblems({ plan }: Pick<BuiltPlan, 'plan'>): void {
  const problems = new Map<string, Diagnostic>();
  for (const { changes } of plan.steps)
    for (const change of changes) if (change.problem) problems.set(change.problem.summary, change.problem);
  throwAll(problems.values());
}

// A playbook that changes somebody's machine asks once, with its plan in sight.
async function confirmed(command: UpCommand, terminal: Terminal, session: Session, report: Report): Promise<boolean> {
  const { confirm } = session.project;
  if (confirm === undefined || command.yes || terminal.env.CI === 'true') return true;
  const built = await planOf(session);
  refuseProblems(built);
  if (!built.plan.steps.some(({ changes }) => changes.some(isPending))) return true;
  if (!canAsk(terminal)) {
    throw new CairnError(
      problem('needs-yes', 'this playbook asks before it changes the machine, and nobody can be asked here', {
        help: 'say --yes',
      }),
    );
  }
  const { color, width } = session;
  report.print(`${planView(built.plan, { color, width, verbose: command.verbose, again: againOf(command) })}\n`);
  return askYes(terminal, confirm.trim());
}
