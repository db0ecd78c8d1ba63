import type { BaselineEntry } from '../../model/baseline.ts';
import type { Connections, TargetState } from '../../model/connections.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { isPending, type Plan, type PlannedChange } from '../../model/plan.ts';
import { type Project, type Target, targetsOf } from '../../model/project.ts';
import type { AnyType } from '../../model/resource.ts';
import type { Reach } from '../access.ts';
import { type CompiledStep, keyOf } from '../compile.ts';
import { setLostApart } from './lost.ts';
import { afterWhatTheyFollow } from './undo-follow.ts';
import { takeTogether } from './undo-inside.ts';
import { askOnce } from './undo-loss.ts';
import { goAlong, planUndoOf, type UndoConsent } from './undo-one.ts';

/** One thing to take back, with its line in the plan. */
export interface PreparedUndo {
  readonly entry: BaselineEntry;
  readonly change: PlannedChange;
  readonly type: AnyType;
  /** From the project where it still has the resource: ids of actions hold functions. */
  readonly id: unknown;
  readonly reach: Reach;
  /** Decoded; null: it was absent. */
  readonly before: unknown;
  readonly live: unknown;
  /** Goes with what it lives in: there is nothing to do for it. */
  readonly goesAlong?: true;
}

export interface PreparedUndoStep {
  readonly step: string;
  /** `host:web1`. */
  readonly target: string;
  readonly compiled: CompiledStep | undefined;
  readonly entries: readonly PreparedUndo[];
}

export interface UndoInput {
  readonly project: Project;
  readonly compiled: readonly CompiledStep[];
  readonly connections: Connections;
  readonly types: ReadonlyMap<string, AnyType>;
  /** Every run that the journal knows. */
  readonly runs: ReadonlySet<string>;
  /** Newest first. */
  readonly baseline: readonly BaselineEntry[];
  readonly consent: UndoConsent;
}

export interface BuiltUndo {
  readonly plan: Plan;
  readonly steps: readonly PreparedUndoStep[];
  /** Hosts that don't answer, on which something stays until the next undo, by target: `host:web1`. */
  readonly lost: ReadonlyMap<string, Diagnostic>;
}

/** Says what giving everything back would do, newest first. Reads all at once, writes nothing. */
export async function buildUndoPlan(asked: UndoInput, now: () => number): Promise<BuiltUndo> {
  const started = now();
  const places = await openTargets(asked);
  const { baseline, lost } = setLostApart(asked.baseline, places);
  const input = { ...asked, baseline };
  const planned = await takeTogether(inUndoOrder(input), {
    alone: (entry) => planUndoOf(input, entry, placeOf(input, entry, places)),
    with: (entry, container) => goAlong(input, entry, container),
  });
  const entries = afterWhatTheyFollow(askOnce(planned));
  const steps = groupBySteps(entries, input.compiled);
  const oldest = entries.findLast(({ change }) => isPending(change))?.entry;
  const plan: Plan = {
    version: 1,
    command: 'undo',
    playbook: input.project.playbook,
    inventory: input.project.inventory,
    targets: [...new Set(places.map(({ target }) => target.name))],
    steps: steps.map(({ step, target, compiled, entries: undone }) => ({
      id: step,
      summary: compiled?.instance.step.summary ?? '',
      target,
      changes: undone.map(({ change }) => change),
    })),
    readMs: now() - started,
    ...(oldest === undefined ? {} : { baseline: oldest.run }),
  };
  return { plan, steps, lost };
}

// Last step first, as the playbook orders them: a route that was made anew late still carries what later steps stand on.
// Steps that the playbook no longer has come first; within a step the newest comes first.
export function inUndoOrder({
  baseline,
  compiled,
}: Pick<UndoInput, 'baseline' | 'compiled'>): readonly BaselineEntry[] {
  const ids = [...new Set(compiled.map(({ instance }) => instance.id))];
  const formerly = new Map(compiled.map(({ instance }) => [instance.step.formerly, instance.id]));
  const orderOf = ({ step }: BaselineEntry): number => {
    const order = ids.indexOf(formerly.get(step) ?? step);
    return order < 0 ? ids.length : order;
  };
  return baseline.toSorted((a, b) => orderOf(b) - orderOf(a));
}

/** A target with what opening it gave. */
export interface OpenedTarget {
  readonly target: Target;
  readonly state: TargetState;
}

/** Every target of a project, opened. */
export async function openTargets({ project, connections }: UndoInput): Promise<readonly OpenedTarget[]> {
  const targets = new Map<string, Target>();
  for (const one of project.instances.flatMap(targetsOf)) targets.set(`${one.kind}:${one.name}`, one);
  return Promise.all([...targets.values()].map(async (target) => ({ target, state: await connections.open(target) })));
}

/** Where an entry's target is now. `gone`: the very cluster or host that it was made on no longer exists. */
export type UndoPlace =
  | {
      readonly is: 'there';
      readonly reach: Reach;
      readonly compiled: CompiledStep | undefined;
      readonly target: Target;
    }
  | { readonly is: 'gone'; readonly target: Target }
  | { readonly is: 'unreachable'; readonly target: Target; readonly state: TargetState & { is: 'unreachable' } }
  | { readonly is: 'unknown' };

/** Finds the target of an entry among those that are open. */
export function placeOf(input: UndoInput, entry: BaselineEntry, places: readonly OpenedTarget[]): UndoPlace {
  const named = places.find(({ target }) => entry.target.startsWith(`${target.kind}:${target.name}/`));
  if (!named) return { is: 'unknown' };
  const { target, state } = named;
  if (state.is === 'unreachable') return { is: 'unreachable', target, state };
  if (state.is === 'absent' || state.id !== entry.target) return { is: 'gone', target };
  const compiled = input.compiled.find(({ instance, resources }) => {
    const same = instance.id === entry.step || instance.step.formerly === entry.step;
    return (
      same && resources.some((resource) => keyOf(resource.target, resource.address) === keyOf(target, entry.address))
    );
  });
  const stateOf = (other: Target | undefined): TargetState | undefined =>
    places.find((place) => place.target.kind === other?.kind && place.target.name === other.name)?.state;
  const host = target.kind === 'host' ? state : undefined;
  const cluster = target.kind === 'cluster' ? state : stateOf(compiled?.instance.cluster);
  const endpoints = target.kind === 'endpoint' ? { endpoints: { [target.type]: state } } : {};
  const { http, git } = input.connections;
  return { is: 'there', target, compiled, reach: { host, cluster, ...endpoints, http, git } };
}

/** Neighbours of one step together, host by host: what a step made on one host has no order with what it made on another. */
export function groupBySteps(
  entries: readonly PreparedUndo[],
  compiled: readonly CompiledStep[],
): readonly PreparedUndoStep[] {
  const steps: PreparedUndo[][] = [];
  for (const undo of entries) {
    const last = steps.at(-1);
    if (last && last[0]?.entry.step === undo.entry.step) last.push(undo);
    else steps.push([undo]);
  }
  return steps.flatMap((neighbours) => {
    const declared = compiled.filter(({ instance }) => instance.id === neighbours[0]?.entry.step);
    const groups = Map.groupBy(neighbours, (undo) => targetOf(undo, declared));
    return [...groups].map(([target, undone]) => ({
      step: undone[0]?.entry.step ?? '',
      target,
      compiled:
        declared.find(({ instance }) => nameOf(instance.target) === target) ??
        (groups.size === 1 ? declared[0] : undefined),
      entries: undone,
    }));
  });
}

// What a step on hosts made in a cluster belongs to the host that it was made for.
function targetOf({ change, entry }: PreparedUndo, declared: readonly CompiledStep[]): string {
  if (change.target.startsWith('host:')) return change.target;
  const only = declared.length === 1 ? declared[0] : undefined;
  const maker = only ?? declared.find(({ resources }) => resources.some(({ address }) => address === entry.address));
  return maker ? nameOf(maker.instance.target) : change.target;
}

function nameOf({ kind, name }: Target): string {
  return `${kind}:${name}`;
}
