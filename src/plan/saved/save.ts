import { isWithin } from '../../model/kube-fields.ts';
import { isPending, type Plan, type PlannedChange } from '../../model/plan.ts';
import { redact } from '../../model/redact.ts';
import type { AnyType } from '../../model/resource.ts';
import type { Grounds, Prints, SavedPlan } from '../../model/saved-plan.ts';
import type { Reach } from '../access.ts';
import type { BuiltPlan, PreparedStep } from '../build.ts';
import type { CompiledStep } from '../compile.ts';
import type { Prepared } from '../prepare.ts';
import { leavesOf, Printer } from './prints.ts';

type Origin = Pick<SavedPlan, 'release' | 'at' | 'selection' | 'key' | 'sources'>;

/** Makes of a plan what can be written down and held against the world later. */
export function savePlan(built: BuiltPlan, origin: Origin): SavedPlan {
  const { plan, steps } = built;
  const print = new Printer(origin.key);
  return {
    ...origin,
    playbook: plan.playbook,
    inventory: plan.inventory,
    values: valuesOf(
      steps.map(({ compiled }) => compiled),
      print,
    ),
    targets: targetsOf(steps),
    plan: withoutSecrets(plan),
    grounds: groundsOf(built, print),
  };
}

/** The values that steps take, as fingerprints, by step and target. */
export function valuesOf(steps: readonly CompiledStep[], print: Printer): SavedPlan['values'] {
  const known = new Map<unknown, Prints>();
  const pairs = steps.map(({ instance }) => {
    const prints = known.get(instance.vars) ?? print.ofLeaves(instance.vars);
    known.set(instance.vars, prints);
    return [`${instance.id} on ${instance.target.kind}:${instance.target.name}`, prints] as const;
  });
  return Object.fromEntries(pairs);
}

/** Who the targets of a plan turned out to be. */
export function targetsOf(steps: readonly PreparedStep[]): SavedPlan['targets'] {
  const pairs = steps.flatMap(({ compiled: { instance }, reach }) => {
    const { target, cluster, endpoints } = instance;
    const host = target.kind === 'host' ? [[`host:${target.name}`, idOf(reach.host)] as const] : [];
    const kube = cluster ? [[`cluster:${cluster.name}`, idOf(reach.cluster)] as const] : [];
    const others = Object.values(endpoints ?? {}).map(
      ({ name, type }) => [`endpoint:${name}`, idOf(reach.endpoints?.[type])] as const,
    );
    return [...host, ...kube, ...others];
  });
  return Object.fromEntries(pairs);
}

function idOf(state: Reach['host']): string | null {
  return state?.is === 'open' ? state.id : null;
}

/** What the pending changes of a plan are made from. */
export function groundsOf({ steps, dropped }: BuiltPlan, print: Printer): SavedPlan['grounds'] {
  const made = steps.flatMap(({ resources }) => resources).filter(({ change }) => isPending(change));
  const gone = dropped.flatMap(({ entries }) => entries);
  return Object.fromEntries([
    ...made.map((one) => [groundsKey(one.change), groundsFor(one, print)]),
    ...gone.map(({ change, type, live }) => {
      const all = live === null ? null : valuesIn(type, live)('');
      return [groundsKey(change), { want: '', before: { '': print.ofSecret(all) } }];
    }),
  ]);
}

/** Where `grounds` has what a change is made from. */
export function groundsKey({ target, address }: PlannedChange): string {
  return `${target} ${address}`;
}

function groundsFor({ change, reading, resource, want }: Prepared, print: Printer): Grounds {
  const { type } = resource.handle;
  const valueAt = reading?.is === 'present' ? valuesIn(type, reading.live) : () => null;
  const before = change.fields.map(({ path, secret }) => {
    const value = valueAt(path);
    return [path, secret ? print.ofSecret(value) : print.of(value)] as const;
  });
  return { want: print.of(want), before: Object.fromEntries(before) };
}

// A field that can't be found in the image stands for all of it: better one question too many.
function valuesIn(type: AnyType, live: unknown): (path: string) => unknown {
  const leaves = type.fields?.(live) ?? leavesOf(type.codec.encode(live), '');
  return (path) => {
    const inside = leaves.filter(([leaf]) => isWithin(leaf, path));
    return inside.length > 0 || type.fields ? inside : leaves;
  };
}

/** Plans hold no secret by themselves; whatever slipped into a text goes here, before it reaches a file. */
export function withoutSecrets(plan: Plan): Plan {
  return mapTexts(plan) as Plan;
}

function mapTexts(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(mapTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner)]));
}
