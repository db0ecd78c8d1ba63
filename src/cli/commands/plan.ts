import { randomBytes } from 'node:crypto';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import { isPending, type Plan } from '../../model/plan.ts';
import { redact } from '../../model/redact.ts';
import { knownSecrets } from '../../model/secret.ts';
import type { BuiltPlan } from '../../plan/build.ts';
import { savePlan } from '../../plan/saved/save.ts';
import { sourcesOf } from '../../project/sources.ts';
import type { ViewOptions } from '../../report/style.ts';
import { planPage } from '../../report/views/plan-page.ts';
import { planView } from '../../report/views/plan-view.ts';
import { announceLost, type SetApart, setLostApart } from '../../run/lost-hosts.ts';
import { againOf } from '../args/again.ts';
import type { PlanCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { systemClock } from '../clock.ts';
import { namingFailed } from '../failed-hosts.ts';
import { addToJobSummary } from '../job-summary.ts';
import { writePlan } from '../plan-file.ts';
import { openSession, reportFor, type Session } from '../session.ts';
import { planUp } from '../up-plan.ts';
import { planUndo, showUndo } from './undo-plan.ts';

/** `cairn plan`: says what a run would do, and writes nothing to any target. */
export async function plan(asked: PlanCommand, terminal: Terminal): Promise<ExitCode> {
  const command = await namingFailed(asked, terminal);
  const session = await openSession(terminal, command, 'read');
  const report = reportFor(terminal, command);
  try {
    if (command.out !== undefined) refuseSecrets(command);
    const { made, lost } = await (command.undo ? undoPlan(session, command) : upPlan(session, command, terminal));
    announceLost(report, lost);
    if (command.json) report.emit({ type: 'plan-made', plan: made });
    else report.print(command.undo ? await showUndo(session, made, command) : show(session, made, command));
    addToJobSummary(terminal, report, () => planPage(made, pageOptions(command)));
    return lost.size > 0 ? exitCodes.failed : exitCodeOf(made, command.exitCode);
  } finally {
    await report.close();
    await session.close();
  }
}

interface Made {
  readonly made: Plan;
  readonly lost: SetApart['lost'];
}

// As `up` would: hosts that don't answer are left out, and named.
async function upPlan(session: Session, command: PlanCommand, terminal: Terminal): Promise<Made> {
  const { reachable, lost } = setLostApart(await planUp(session, command, terminal));
  const isWhole = lost.size === 0 && !hasProblems(reachable.plan);
  if (command.out !== undefined && isWhole) save(reachable, command.out, { session, command, terminal });
  return { made: reachable.plan, lost };
}

interface Circumstances {
  readonly session: Session;
  readonly command: PlanCommand;
  readonly terminal: Terminal;
}

function save(built: BuiltPlan, file: string, { session, command, terminal }: Circumstances): void {
  const saved = savePlan(built, {
    release: terminal.release,
    at: systemClock.date(),
    selection: command.selection,
    key: randomBytes(16).toString('hex'),
    sources: sourcesOf(session.project.root),
  });
  writePlan(file, terminal.cwd, saved);
}

// The words of the command line go into the file as they are.
function refuseSecrets({ selection: { set } }: PlanCommand): void {
  const secrets = knownSecrets();
  const found = set.find((word) => redact(word) !== word || secrets.has(word.slice(word.indexOf('=') + 1)));
  if (found === undefined) return;
  const key = found.slice(0, found.indexOf('='));
  throw new CairnError(
    problem('secret-in-plan', `--set ${key} is a secret, and a saved plan holds none`, {
      help: 'let the inventory say where it is: !secret env:NAME',
    }),
  );
}

async function undoPlan(session: Session, command: PlanCommand): Promise<Made> {
  const consent = { force: false, all: false };
  const { plan: made, lost } = await planUndo(session, command, consent);
  return { made, lost };
}

function show({ color, width }: Session, made: Plan, command: PlanCommand): string {
  return planView(made, { color, width, verbose: command.verbose, ...pageOptions(command) });
}

function pageOptions(command: PlanCommand): Pick<ViewOptions, 'again' | 'saved'> {
  return { again: againOf(command), ...(command.out === undefined ? {} : { saved: command.out }) };
}

function exitCodeOf(made: Plan, tellPending: boolean): ExitCode {
  if (hasProblems(made)) return exitCodes.failed;
  const changes = made.steps.flatMap((step) => step.changes);
  return tellPending && changes.some(isPending) ? exitCodes.pending : exitCodes.converged;
}

function hasProblems({ steps }: Plan): boolean {
  return steps.some(({ changes }) => changes.some(({ problem: wrong }) => wrong !== undefined));
}
