import { type Diagnostic, problem } from '../../model/diagnostic.ts';
import type { Prints, SavedPlan } from '../../model/saved-plan.ts';
import type { CompiledStep } from '../compile.ts';
import { Printer } from './prints.ts';
import { valuesOf } from './save.ts';

/** The project as it is now. */
export interface Present {
  /** The release of Cairn that runs. */
  readonly release: string;
  readonly sources: Prints;
  /** The steps that a run would carry out. */
  readonly steps: readonly CompiledStep[];
}

/** What of the project is no longer as a plan was made from it, all in one; undefined: only the world can have moved. */
export function outdated(saved: SavedPlan, now: Present): Diagnostic | undefined {
  const help = `make it anew: cairn plan ${saved.playbook} --out FILE`;
  if (saved.release !== now.release) {
    const summary = `the plan was made by Cairn ${saved.release}, and this is ${now.release}`;
    return problem('plan-outdated', summary, { help });
  }
  const detail = [
    ...changedKeys(saved.sources, now.sources).map((file) => `${file} ${wordFor(file, saved.sources, now.sources)}`),
    ...changedValues(saved.values, valuesOf(now.steps, new Printer(saved.key))),
    ...changedSteps(saved, now),
  ];
  if (detail.length === 0) return undefined;
  return problem('plan-outdated', 'the project is not what the plan was made from', { detail, help });
}

function changedKeys(then: Prints, now: Prints): readonly string[] {
  return [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((key) => then[key] !== now[key]);
}

function wordFor(key: string, then: Prints, now: Prints): string {
  if (then[key] === undefined) return 'was added';
  return now[key] === undefined ? 'was removed' : 'was changed';
}

// Of steps that come or go, the steps are told, not their values.
function changedValues(then: SavedPlan['values'], now: SavedPlan['values']): readonly string[] {
  return Object.entries(then).flatMap(([step, before]) => {
    const after = now[step];
    return after === undefined ? [] : changedKeys(before, after).map((key) => `${key} of ${step} was changed`);
  });
}

function changedSteps({ plan }: SavedPlan, { steps }: Present): readonly string[] {
  const then = plan.steps.filter(({ isGone }) => !isGone).map(({ id, target }) => `${id} on ${target}`);
  const now = steps.map(({ instance: { id, target } }) => `${id} on ${target.kind}:${target.name}`);
  const gone = then.filter((step) => !now.includes(step)).map((step) => `step ${step} was removed`);
  const fresh = now.filter((step) => !then.includes(step)).map((step) => `step ${step} was added`);
  const moved = gone.length + fresh.length === 0 && then.join('\n') !== now.join('\n');
  return [...gone, ...fresh, ...(moved ? ['the order of the steps was changed'] : [])];
}
