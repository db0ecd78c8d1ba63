import { isPending, type Plan, type PlannedChange, type PlannedStep } from '../../model/plan.ts';
import type { BuiltPlan } from '../build.ts';
import type { Dropped } from './ownership.ts';
import {
  groupBySteps,
  inUndoOrder,
  type OpenedTarget,
  openTargets,
  type PreparedUndo,
  placeOf,
  type UndoInput,
} from './undo.ts';
import { takeTogether } from './undo-inside.ts';
import { askOnce } from './undo-loss.ts';
import { goAlong, planUndoOf } from './undo-one.ts';

/** Adds what no step declares any more to a plan: it goes back to what it was before all runs, after everything else. */
export async function withDropped(
  built: BuiltPlan,
  dropped: readonly Dropped[],
  input: Omit<UndoInput, 'baseline' | 'consent'>,
): Promise<BuiltPlan> {
  if (dropped.length === 0) return built;
  const staying = new Map(dropped.map(({ entry, stays }) => [entry, stays]));
  const undo: UndoInput = { ...input, baseline: [...staying.keys()], consent: { force: false, all: false } };
  const places = await openTargets(undo);
  const prepared = await takeTogether(inUndoOrder(undo), {
    alone: (entry) => prepareDropped(undo, { entry, ...because(staying.get(entry)) }, places),
    with: (entry, container) => goAlong(undo, entry, container),
  });
  const reachable = askOnce(prepared);
  const pending = reachable.filter(({ change }) => isPending(change));
  return { ...built, plan: addLines(built.plan, reachable), dropped: groupBySteps(pending, input.compiled) };
}

function because(stays: string | undefined): { readonly stays?: string } {
  return stays === undefined ? {} : { stays };
}

// What lies on a target that isn't there, or that this playbook doesn't name, is out of reach: another run's business. An
// action that can't be taken back without its step goes with what it lives in, and no plan need say so again.
async function prepareDropped(
  input: UndoInput,
  { entry, stays }: Dropped,
  places: readonly OpenedTarget[],
): Promise<PreparedUndo | null> {
  const place = placeOf(input, entry, places);
  const type = input.types.get(entry.type);
  if (place.is !== 'there' || !type || (type.onlyDeclared && entry.inside)) return null;
  const undo = await planUndoOf(input, entry, place);
  return { ...undo, change: asDropped(undo, stays) };
}

function asDropped({ change, entry, live }: PreparedUndo, stays: string | undefined): PlannedChange {
  const why = `no longer declared by ${entry.step}`;
  const { problem: _, ...rest } = change;
  if (live === null && change.verb !== 'kept' && change.verb !== 'refused') return { ...rest, verb: 'unchanged' };
  if (stays !== undefined) return { ...rest, verb: 'kept', loss: { is: 'none' }, why: `${why}, but ${stays}` };
  switch (change.verb) {
    case 'remove':
      return { ...rest, why };
    case 'update':
      return { ...rest, why: `given back: ${why}` };
    case 'kept':
      return { ...rest, why: `${why}: ${change.why}` };
    case 'refused':
      return { ...rest, verb: 'kept', fields: [], why: `${why}, ${whyNot(change)}` };
    default:
      return { ...rest, verb: 'unchanged' };
  }
}

function whyNot({ problem, fields }: PlannedChange): string {
  if (problem?.code === 'not-declared') return 'and how to take it back went with its declaration';
  if (problem?.code === 'half-forgotten') return `but ${problem.summary}`;
  if (problem?.code !== 'changed-after-us') return `but it could not be looked at: ${problem?.summary ?? 'unknown'}`;
  return `but somebody else changed it: ${fields.map(({ path }) => path).join(', ')}`;
}

// Beneath the step that made it; steps that the playbook no longer has come last.
function addLines(plan: Plan, dropped: readonly PreparedUndo[]): Plan {
  const places = Map.groupBy(dropped, ({ entry, change }) => placeIn(plan.steps, entry.step, change.target));
  const steps = plan.steps.map((step): PlannedStep => ({ ...step, changes: [...step.changes, ...linesAt(step)] }));
  const gone = [...Map.groupBy(places.get(undefined) ?? [], ({ entry, change }) => `${entry.step} ${change.target}`)];
  const targets = new Set([...plan.targets, ...dropped.map(({ change }) => change.target.replace(/^\w+:/, ''))]);
  return { ...plan, targets: [...targets], steps: [...steps, ...gone.flatMap(([, own]) => stepOf(own))] };

  function linesAt(step: PlannedStep): readonly PlannedChange[] {
    return (places.get(step) ?? []).map(({ change }) => change);
  }
}

// What a step on hosts made in a cluster stands with its first host.
function placeIn(steps: readonly PlannedStep[], id: string, target: string): PlannedStep | undefined {
  return steps.find((step) => step.id === id && step.target === target) ?? steps.find((step) => step.id === id);
}

function stepOf(own: readonly PreparedUndo[]): readonly PlannedStep[] {
  const [first] = own;
  if (!first) return [];
  const { entry, change } = first;
  return [{ id: entry.step, summary: '', isGone: true, target: change.target, changes: own.map((one) => one.change) }];
}
