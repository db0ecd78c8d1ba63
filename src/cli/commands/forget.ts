import { baseline } from '../../journal/ledger/baseline.ts';
import { runIds } from '../../journal/ledger/runs.ts';
import type { BaselineEntry } from '../../model/baseline.ts';
import { CairnError, type Diagnostic, problem, throwAll } from '../../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../../model/event.ts';
import { nearest } from '../../model/nearest.ts';
import type { Plan } from '../../model/plan.ts';
import { buildForgetPlan } from '../../plan/undo/forget.ts';
import { forgetQuestion, forgetView } from '../../report/views/forget-view.ts';
import { executeForget } from '../../run/forget.ts';
import type { ForgetCommand } from '../args/command.ts';
import { askYes, canAsk, type Terminal } from '../ask.ts';
import { systemClock } from '../clock.ts';
import { freshRunId } from '../past.ts';
import { optionsOf, runInFrame } from '../run-frame.ts';
import { logFileOf, openSession, reportFor, type Session } from '../session.ts';
import { typesOf } from '../types.ts';
import { belongs } from './undo-plan.ts';

/** `cairn forget`: shows what Cairn would let go of, asks, and does it. What it is stays untouched. */
export async function forget(command: ForgetCommand, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession(terminal, { ...command, undo: true }, 'write');
  const run = await freshRunId(session.project);
  const report = reportFor(terminal, command, logFileOf(session.project, run));
  try {
    const { plan, forgets } = await planForget(session, command);
    if (command.json) report.emit({ type: 'plan-made', plan });
    else report.print(forgetView(plan, session));
    throwAll(forgets.flatMap(({ change }) => change.problem ?? []));
    if (!(await confirmed(plan, command, terminal))) return exitCodes.interrupted;
    return await runInFrame(
      {
        ...session,
        run,
        command: 'forget',
        selection: command.selection,
        doing: `cairn forget ${[command.playbook, ...command.addresses].join(' ')}`,
        options: optionsOf(command),
        emit: report.emit,
        steps: plan.steps.map(({ id, target, summary }) => ({ step: id, target, summary })),
      },
      (context, state) => executeForget(context, state, forgets),
    );
  } finally {
    await report.close();
    await session.close();
  }
}

async function planForget(session: Session, command: ForgetCommand): ReturnType<typeof buildForgetPlan> {
  const { project, compiled, connections } = session;
  const entries = await session.journal.entries();
  const standing = baseline(entries);
  const own = standing.filter((entry) => belongs(session, entry, command) && isNamed(session, entry, command));
  throwAll(command.addresses.filter((one) => !own.some(isAt(one))).map((one) => unknown(one, own, standing)));
  const chosen = own.filter((entry) => command.addresses.some((one) => isAt(one)(entry)));
  const input = { project, compiled, connections, types: typesOf(compiled), runs: runIds(entries) };
  return buildForgetPlan({ ...input, baseline: chosen, consent: { force: false, all: false } }, systemClock.now);
}

// As the journal has it, or as plans show it.
function isAt(word: string): (entry: BaselineEntry) => boolean {
  return ({ address, title }) => address === word || title === word;
}

// With --limit only what lies on the targets that are left.
function isNamed({ project }: Session, { target }: BaselineEntry, { selection }: ForgetCommand): boolean {
  if (selection.limit === undefined) return true;
  const targets = project.instances.flatMap(({ target: host, cluster }) => (cluster ? [host, cluster] : [host]));
  return targets.some(({ kind, name }) => target.startsWith(`${kind}:${name}/`));
}

function unknown(word: string, own: readonly BaselineEntry[], all: readonly BaselineEntry[]): Diagnostic {
  const other = all.find(isAt(word));
  const near = nearest(
    word,
    own.map(({ address }) => address),
  );
  const help = other
    ? `${other.playbook} made it: cairn forget ${other.playbook} ${other.address}`
    : near === undefined
      ? 'cairn plan --undo PLAYBOOK -v lists what it knows'
      : `did you mean ${near}?`;
  return problem('unknown-address', `the journal knows of nothing that this playbook made at "${word}"`, { help });
}

async function confirmed(plan: Plan, { yes }: ForgetCommand, terminal: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!canAsk(terminal)) {
    throw new CairnError(
      problem('needs-yes', 'forget asks before it begins, and nobody can be asked here', { help: 'say --yes' }),
    );
  }
  return askYes(terminal, forgetQuestion(plan));
}
