import type { BaselineEntry } from '../../model/baseline.ts';
import type { Plan, PlannedChange, Verb } from '../../model/plan.ts';
import type { AnyType } from '../../model/resource.ts';
import type { Reach } from '../access.ts';
import { type CompiledStep, keyOf } from '../compile.ts';
import { readSafely } from './locate.ts';
import { strangeRun } from './other-journal.ts';
import { inUndoOrder, openTargets, placeOf, type UndoInput, type UndoPlace } from './undo.ts';
import { lineOf, noTarget } from './undo-one.ts';

/** One thing to let go of, with its line in the plan. */
export interface PreparedForget {
  readonly entry: BaselineEntry;
  readonly change: PlannedChange;
  /** What carries marks of ours; left out where only the journal knows of it. */
  readonly marked?: { readonly type: AnyType; readonly live: unknown; readonly reach: Reach };
}

/** Says what letting go of these would do. Reads all at once, writes nothing. */
export async function buildForgetPlan(
  input: UndoInput,
  now: () => number,
): Promise<{ readonly plan: Plan; readonly forgets: readonly PreparedForget[] }> {
  const started = now();
  const places = await openTargets(input);
  const forgets = await Promise.all(
    inUndoOrder(input).map((entry) => planForgetOf(input, entry, placeOf(input, entry, places))),
  );
  const groups = [...Map.groupBy(forgets, placeIn).values()];
  const plan: Plan = {
    version: 1,
    command: 'forget',
    playbook: input.project.playbook,
    inventory: input.project.inventory,
    targets: [...new Set(places.map(({ target }) => target.name))],
    steps: groups.map((group) => ({
      id: group[0]?.entry.step ?? '',
      summary: input.compiled.find(({ instance }) => instance.id === group[0]?.entry.step)?.instance.step.summary ?? '',
      target: group[0]?.change.target ?? '',
      changes: group.map(({ change }) => change),
    })),
    readMs: now() - started,
  };
  return { plan, forgets };
}

/** What belongs together: a step on a target. */
export function placeIn({ entry, change }: PreparedForget): string {
  return `${entry.step} ${change.target}`;
}

async function planForgetOf(input: UndoInput, entry: BaselineEntry, place: UndoPlace): Promise<PreparedForget> {
  const type = input.types.get(entry.type);
  const targetName = place.is === 'unknown' ? entry.target : `${place.target.kind}:${place.target.name}`;
  const why = reasonOf(entry, input.compiled, place);
  const say = (verb: Verb, more: Partial<PlannedChange> = {}): PlannedChange =>
    lineOf(entry, targetName, verb, { why, ...more });
  if (!type?.letGo || place.is === 'gone') return { entry, change: say('forget') };
  if (place.is === 'unknown') return { entry, change: say('refused', { problem: noTarget(entry) }) };
  if (place.is === 'unreachable') return { entry, change: say('refused', { problem: place.state.why }) };
  const reading = await readSafely(type, entry.id, place.reach);
  if (reading.is === 'unreadable') return { entry, change: say('refused', { problem: reading.why }) };
  if (reading.is === 'absent') return { entry, change: say('forget', { why: 'it is gone already' }) };
  const strange = strangeRun(type, reading.live, input.runs);
  if (strange !== undefined)
    return { entry, change: say('forget', { why: `its marks stay: run ${strange} of another journal wrote it last` }) };
  const marks = type.marks?.(reading.live) ?? [];
  const fields = marks.map((path) => ({ path, how: 'update', secret: false }) as const);
  return { entry, change: say('forget', { fields }), marked: { type, live: reading.live, reach: place.reach } };
}

function reasonOf(entry: BaselineEntry, compiled: readonly CompiledStep[], place: UndoPlace): string {
  const made = entry.before === null ? `created by run ${entry.run}` : `there before run ${entry.run}`;
  const declares = place.is === 'unknown' ? undefined : declarerOf(entry, compiled, place);
  return declares === undefined ? made : `${made}; ${declares}, so a later up makes it Cairn's again`;
}

function declarerOf(
  entry: BaselineEntry,
  compiled: readonly CompiledStep[],
  { target }: Exclude<UndoPlace, { is: 'unknown' }>,
): string | undefined {
  const key = keyOf(target, entry.address);
  const owner = compiled.find(({ resources }) =>
    resources.some((one) => one.handle.mode === 'managed' && keyOf(one.target, one.address) === key),
  );
  if (owner) return `${owner.instance.id} declares it`;
  const bundles = compiled
    .filter(({ instance }) => instance.id === entry.step)
    .flatMap(({ resources }) => resources)
    .filter((one) => one.handle.mode === 'bundle' && keyOf(one.target, '') === keyOf(target, ''));
  return bundles[0] && `${bundles[0].title} may hold it`;
}
