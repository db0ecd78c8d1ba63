import { baseline, baselineOfRun } from '../../journal/ledger/baseline.ts';
import { runIds, runsOf } from '../../journal/ledger/runs.ts';
import type { BaselineEntry } from '../../model/baseline.ts';
import { CairnError, problem, throwAll } from '../../model/diagnostic.ts';
import type { Plan } from '../../model/plan.ts';
import { foundElsewhere } from '../../plan/undo/other-journal.ts';
import { type BuiltUndo, buildUndoPlan } from '../../plan/undo/undo.ts';
import type { UndoConsent } from '../../plan/undo/undo-one.ts';
import { paintWith } from '../../report/style.ts';
import { verdictLines } from '../../report/views/plan-verdict.ts';
import { undoView } from '../../report/views/undo-view.ts';
import { againOf } from '../args/again.ts';
import type { PlanCommand, UndoCommand } from '../args/command.ts';
import { systemClock } from '../clock.ts';
import type { Session } from '../session.ts';
import { leftovers } from '../sweep.ts';
import { typesOf } from '../types.ts';

type Goal = PlanCommand | UndoCommand;

/** The plan of an undo: the playbook's own entries of the journal, down to where it is to stop. */
export async function planUndo(session: Session, goal: Goal, consent: UndoConsent): Promise<BuiltUndo> {
  const { project, compiled, connections } = session;
  const entries = await session.journal.entries();
  const all = goal.run === undefined ? baseline(entries) : baselineOfRun(entries, knownRun(goal.run, entries));
  const chosen = all.filter((entry) => belongs(session, entry, goal)).filter(after(session, goal.to));
  const isWhole =
    goal.run === undefined &&
    goal.to === undefined &&
    goal.selection.only.length === 0 &&
    goal.selection.from === undefined;
  const left = isWhole ? await leftovers(session, entries, all) : [];
  const types = typesOf(compiled);
  const input = {
    project,
    compiled,
    connections,
    types,
    runs: runIds(entries),
    baseline: [...left, ...chosen],
    consent,
  };
  if (isWhole && !consent.force) throwAll(await foundElsewhere(input));
  return buildUndoPlan(input, systemClock.now);
}

function knownRun(run: string, entries: Parameters<typeof runsOf>[0]): string {
  if (runsOf(entries).some((known) => known.run === run)) return run;
  throw new CairnError(
    problem('unknown-run', `the journal knows no run "${run}"`, { help: 'cairn history lists the runs' }),
  );
}

/** True for what a playbook made; a step that it no longer has counts as well, unless steps were chosen. */
export function belongs({ project }: Session, entry: BaselineEntry, { selection }: Pick<Goal, 'selection'>): boolean {
  const has = project.instances.some(({ id, step }) => id === entry.step || step.formerly === entry.step);
  const isChosen = selection.only.length > 0 || selection.from !== undefined || selection.limit !== undefined;
  return has || (!isChosen && entry.playbook === project.playbook);
}

/** True for what lies after the step at which undo is to stop. */
function after({ project }: Session, to: string | undefined): (entry: BaselineEntry) => boolean {
  if (to === undefined) return () => true;
  const ids = [...new Set(project.instances.map(({ id }) => id))];
  const stop = ids.findIndex((id) => namesOf(id).includes(to));
  if (stop < 0) {
    throw new CairnError(
      problem('unknown-step', `--to: no step "${to}" in ${project.playbook}`, { help: `steps: ${ids.join(', ')}` }),
    );
  }
  const later = new Set(ids.slice(stop + 1));
  return ({ step }) => later.has(step);
}

// `devpi/70_deploy`, `devpi/70`, `70_deploy`, `70`
function namesOf(id: string): readonly string[] {
  const name = id.split('/').at(-1) ?? id;
  return [id, name].flatMap((one) => [one, one.replace(/(?<=^|\/)(\d+)_[^/]*$/, '$1')]);
}

export async function showUndo(session: Session, made: Plan, command: Goal): Promise<string> {
  const { color, width } = session;
  const runs = runsOf(await session.journal.entries());
  const baselineAt = runs.find(({ run }) => run === made.baseline)?.at;
  const view = undoView(made, {
    color,
    width,
    verbose: command.verbose,
    again: againOf(command),
    ...(baselineAt === undefined ? {} : { baselineAt }),
  });
  const verdict = verdictLines(made, paintWith(color), { again: againOf(command) });
  return command.name === 'plan' ? `${view}\n${verdict.join('\n')}` : view;
}
