import { type BaselineEntry, isBack } from '../../model/baseline.ts';
import type { StepInstance } from '../../model/project.ts';
import type { AnyType } from '../../model/resource.ts';
import type { BuiltPlan } from '../build.ts';
import { type CompiledResource, type CompiledStep, keyOf } from '../compile.ts';
import { Printer } from '../saved/prints.ts';

/** Something that a run of this project made or changed, and that no step declares any more. */
export interface Dropped {
  readonly entry: BaselineEntry;
  /** Why it is left as it is, all the same. */
  readonly stays?: string;
}

/** What a whole playbook declares, as far as that can be said without asking a cluster. */
export interface Declared {
  /** `playbooks/devpi.yaml`. */
  readonly playbook: string;
  readonly compiled: readonly CompiledStep[];
}

/**
 * What the chosen steps of a playbook made once and don't declare now; without a choice also what its dropped steps made. Pure.
 * @param built the plan of the chosen steps, by which bundles are open
 * @param baseline newest first
 */
export function noLongerDeclared(
  { plan, steps }: Pick<BuiltPlan, 'plan' | 'steps'>,
  baseline: readonly BaselineEntry[],
  { isWhole }: { readonly isWhole: boolean },
): readonly BaselineEntry[] {
  const ids = new Set(steps.flatMap(({ compiled: { instance } }) => [instance.id, instance.step.formerly]));
  const open = openSteps(steps);
  const declared = keysOf(open, 'managed');
  const paused = new Set(steps.filter(leavesOut).map(({ compiled }) => compiled.instance.id));
  return baseline.filter((entry) => {
    const isOurs = ids.has(entry.step) || (isWhole && entry.playbook === plan.playbook);
    return (
      isOurs && !isBack(entry) && !paused.has(entry.step) && !declared.has(keyOfEntry(entry)) && !isCovered(entry, open)
    );
  });
}

// A purge doesn't find again what it removed.
function isCovered(entry: BaselineEntry, steps: readonly CompiledStep[]): boolean {
  return steps.some(({ resources }) =>
    resources.some(
      ({ handle, target }) =>
        keyOf(target, '').trim() === nameOf(entry.target) && handle.type.covers?.(handle.id, entry) === true,
    ),
  );
}

// A bundle that a condition leaves out is no more reason to go than any other `when: false`, but its parts aren't known.
function leavesOut({ resources }: BuiltPlan['steps'][number]): boolean {
  return resources.some(({ resource, change }) => isClosed(resource) && change.verb === 'skip');
}

/**
 * Of what was dropped, what nobody else declares either; what somebody reads, or may declare, stays. Pure.
 * @param given the playbooks of the project, the one that is run among them
 */
export function settle(
  dropped: readonly BaselineEntry[],
  { steps }: Pick<BuiltPlan, 'steps'>,
  { others, types }: { readonly others: readonly Declared[]; readonly types: ReadonlyMap<string, AnyType> },
): readonly Dropped[] {
  const own = openSteps(steps);
  const known = new Set(own.map(({ instance }) => identityOf(instance)));
  const rest = others.flatMap(({ compiled }) => compiled).filter(({ instance }) => !known.has(identityOf(instance)));
  const all = [...own, ...rest];
  const declared = keysOf(all, 'managed');
  return dropped
    .filter((entry) => !declared.has(keyOfEntry(entry)) && !isCovered(entry, all))
    .map((entry) => {
      const stays = readerOf(entry, all) ?? holderOf(entry, all, types) ?? makerOf(entry, all);
      return stays === undefined ? { entry } : { entry, stays };
    });
}

function readerOf(entry: BaselineEntry, all: readonly CompiledStep[]): string | undefined {
  const reader = all.find((step) => keysOf([step], 'existing').has(keyOfEntry(entry)));
  return reader && `${reader.instance.id} reads it`;
}

// A namespace goes with all that is in it.
function holderOf(
  { type, id, before, want, target }: BaselineEntry,
  all: readonly CompiledStep[],
  types: ReadonlyMap<string, AnyType>,
): string | undefined {
  const container = types.get(type);
  if (!container?.holds || before !== null) return undefined;
  for (const { instance, resources } of all) {
    const inner = resources.find(
      (one) => nameOf(target) === keyOf(one.target, '').trim() && container.holds?.(id, want, one.handle.id),
    );
    if (inner) return `it holds ${inner.title}, which ${instance.id} declares`;
  }
  return undefined;
}

// What a chart or a folder will hold isn't known before it is opened.
function makerOf({ target }: BaselineEntry, all: readonly CompiledStep[]): string | undefined {
  const closed = all.flatMap(({ resources }) => resources).filter((one) => isClosed(one) && one.more.when !== false);
  const maker = closed.find((one) => nameOf(target) === keyOf(one.target, '').trim());
  return maker && `${maker.title} may hold it`;
}

function isClosed({ handle, parts }: CompiledResource): boolean {
  return handle.mode === 'bundle' && parts === undefined;
}

// As planned: bundles with their parts.
function openSteps(steps: BuiltPlan['steps']): readonly CompiledStep[] {
  return steps.map(({ compiled: { instance }, resources }) => ({
    instance,
    resources: resources.map(({ resource }) => resource),
  }));
}

// The same step with the same values declares the same.
function identityOf({ id, target, cluster, vars }: StepInstance): string {
  const places = [target, cluster].map((one) => one && `${one.kind}:${one.name}`);
  return JSON.stringify([id, places, print.ofLeaves(vars)]);
}

const print = new Printer('equal values', true);

function keysOf(compiled: readonly CompiledStep[], mode: 'managed' | 'existing'): ReadonlySet<string> {
  const resources = compiled.flatMap((step) => step.resources).filter(({ handle }) => handle.mode === mode);
  return new Set(resources.map(({ target, address }) => keyOf(target, address)));
}

function keyOfEntry({ target, address }: BaselineEntry): string {
  return `${nameOf(target)} ${address}`;
}

// `cluster:cairn/6f1c…` is called `cluster:cairn` by the inventory.
function nameOf(target: string): string {
  return target.slice(0, target.lastIndexOf('/'));
}
