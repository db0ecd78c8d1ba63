import type { KubeReader } from '../../../model/kube.ts';
import type { Resource } from '../../../model/resource.ts';
import { annotations } from '../apply/marks.ts';
import { declarePlaced, type Placed } from '../bundle/objects.ts';
import { isFields } from '../compare/json.ts';
import { phaseOf } from '../id.ts';
import type { ChartId } from './chart.ts';
import { deleteHook } from './delete-hook.ts';
import { type Hook, type HookEvent, isKept, type Sorted } from './hooks.ts';
import { declareRecord, type ReleaseState } from './state.ts';
import { sweep } from './sweep.ts';

type Made = readonly Resource<unknown>[];

/** Declares a release: what lasts, and its hooks before and after it, each one after the other. */
export async function declareRelease(
  id: ChartId,
  { lasting, hooks }: Sorted,
  { state, kube }: { readonly state: ReleaseState; readonly kube: KubeReader },
): Promise<Made> {
  const lastToGo = partings(hooks, 'post-delete', []);
  const foundations = lasting.filter((one) => phaseOf(one.id) < 2).map((one) => declareLasting(one, []));
  const live = await stillThere(hooks, state, kube);
  const before = chain(running(hooks, `pre-${state.moment}`, live), state, [...foundations, ...lastToGo]);
  const objects = lasting
    .filter((one) => phaseOf(one.id) >= 2)
    .map((one) => declareLasting(one, [...lastToGo, ...before.slice(-1)]));
  const after = chain(running(hooks, `post-${state.moment}`, live), state, [...foundations, ...objects, ...before]);
  const all = [...lastToGo, ...foundations, ...before, ...objects, ...after];
  const firstToGo = partings(hooks, 'pre-delete', all);
  if (hooks.every(({ events }) => events.size === 0 || onlyTest(events))) return all;
  const record = declareRecord(id, state, { after: [...all, ...firstToGo] });
  return [...all, ...firstToGo, record, ...sweeps(hooks, state, record)];
}

/** Declares the tests of a release, one after the other. */
export function declareTests({ hooks }: Sorted): Made {
  return chain(
    hooks.filter(({ events }) => events.has('test')),
    undefined,
    [],
  );
}

function onlyTest(events: Hook['events']): boolean {
  return events.size === 1 && events.has('test');
}

function declareLasting(placed: Placed, after: Made): Resource<unknown> {
  const made = declarePlaced(placed.id, placed.want, after);
  return isKept(placed) ? made.keep('its chart keeps it') : made;
}

// A hook with both moments is made for the earlier one.
function running(hooks: readonly Hook[], event: HookEvent, live: ReadonlySet<Hook>): readonly Hook[] {
  const twin = event.replace(/^post-/, 'pre-') as HookEvent;
  return hooks.filter((hook) => hook.events.has(event) && (twin === event || !hook.events.has(twin)) && live.has(hook));
}

// Once all are done, what ran is only looked at while it is still there: one that was removed doesn't run again.
async function stillThere(
  hooks: readonly Hook[],
  { done }: ReleaseState,
  kube: KubeReader,
): Promise<ReadonlySet<Hook>> {
  const kept = hooks.filter(({ passing }) => !done || !passing);
  if (!done) return new Set(kept);
  const there = await Promise.all(kept.map(async (hook) => !hook.runs || (await kube.get(hook.id)) !== null));
  return new Set(kept.filter((_, i) => there[i]));
}

function chain(hooks: readonly Hook[], state: ReleaseState | undefined, after: Made): Made {
  const made: Resource<unknown>[] = [];
  for (const hook of hooks) made.push(declarePlaced(hook.id, forRelease(hook, state), [...after, ...made.slice(-1)]));
  return made;
}

// A Job runs again when what it runs for has changed.
function forRelease({ want, runs }: Hook, state: ReleaseState | undefined): Placed['want'] {
  if (!runs || !state) return want;
  const metadata = isFields(want.metadata) ? want.metadata : {};
  const own = isFields(metadata.annotations) ? metadata.annotations : {};
  return { ...want, metadata: { ...metadata, annotations: { ...own, [annotations.release]: state.hash } } };
}

// Undo goes backwards: what is written first runs last.
function partings(hooks: readonly Hook[], at: 'pre-delete' | 'post-delete', after: Made): Made {
  const here = hooks.filter(({ events }) => events.has(at));
  const helpers = here
    .filter(({ runs, events }) => !runs && events.size === 1)
    .map(({ id, want }) => declarePlaced(id, want, after));
  const jobs = here.filter(({ runs }) => runs).toReversed();
  return chainOf(jobs, (hook, before) => deleteHook(hook, at, { after: [...after, ...helpers, ...before] }), helpers);
}

function chainOf(hooks: readonly Hook[], make: (hook: Hook, before: Made) => Resource<unknown>, first: Made): Made {
  const made: Resource<unknown>[] = [];
  for (const hook of hooks) made.push(make(hook, made.slice(-1)));
  return [...first, ...made];
}

function sweeps(hooks: readonly Hook[], { moment }: ReleaseState, record: Resource<unknown>): Made {
  return hooks
    .filter(({ passing, events }) => passing && (events.has(`pre-${moment}`) || events.has(`post-${moment}`)))
    .map(({ id }) => sweep(id, { after: [record] }));
}
