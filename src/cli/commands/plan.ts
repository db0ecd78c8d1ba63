import { type ExitCode, exitCodes } from '../../model/event.ts';
import { isPending, type Plan } from '../../model/plan.ts';
import { buildPlan } from '../../plan/build.ts';
import { planView } from '../../report/plan-view.ts';
import { againOf } from '../args/again.ts';
import type { PlanCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { systemClock } from '../clock.ts';
import { openSession, reportFor, type Session } from '../session.ts';
import { planUndo, showUndo } from './undo-plan.ts';

/** `cairn plan`: says what a run would do, and writes nothing anywhere. */
export async function plan(command: PlanCommand, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession(terminal, command, 'read');
  const report = reportFor(terminal, command);
  try {
    const made = command.undo ? await undoPlan(session, command) : await upPlan(session);
    if (command.json) report.emit({ type: 'plan-made', plan: made });
    else report.print(command.undo ? await showUndo(session, made, command) : show(session, made, command));
    return exitCodeOf(made, command.exitCode);
  } finally {
    await report.close();
    await session.close();
  }
}

async function upPlan({ project, compiled, connections }: Session): Promise<Plan> {
  const steps = compiled.filter(({ instance }) => instance.step.phase === 'up');
  return (await buildPlan(project, steps, connections, systemClock.now)).plan;
}

async function undoPlan(session: Session, command: PlanCommand): Promise<Plan> {
  const consent = { force: false, all: false };
  return (await planUndo(session, command, consent)).plan;
}

function show({ color, width }: Session, made: Plan, command: PlanCommand): string {
  return planView(made, { color, width, verbose: command.verbose, again: againOf(command) });
}

function exitCodeOf(made: Plan, tellPending: boolean): ExitCode {
  const changes = made.steps.flatMap(({ changes }) => changes);
  if (changes.some(({ problem }) => problem !== undefined)) return exitCodes.failed;
  return tellPending && changes.some(isPending) ? exitCodes.pending : exitCodes.converged;
}
