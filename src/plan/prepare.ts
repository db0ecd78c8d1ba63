import { Later, laterIn, resolve, sourcesOf } from '../model/deferred.ts';
import { CairnError, type Diagnostic, diagnosticsOf, problem } from '../model/diagnostic.ts';
import type { PlannedChange, Verb } from '../model/plan.ts';
import type { AnyHandle, Difference, Loss, Merged, Reading } from '../model/resource.ts';
import { type Reach, readerFor, stateFor } from './access.ts';
import type { CompiledResource } from './compile.ts';

/** What planning one resource needs to know of everything else. */
export interface View {
  readonly reach: Reach;
  /** The output of a resource, `undefined` while it is not known. */
  lookup(of: AnyHandle): { readonly out: unknown } | undefined;
  /** True when an earlier resource of this run will make what `existing` reads. */
  comesLater(resource: CompiledResource): boolean;
  /** True for what a plan leaves out, so that nobody will ever know its outputs; a run knows by having come past it. */
  isSkipped?(of: AnyHandle): boolean;
  readonly run?: string;
}

/** A resource with its line in the plan, and what the run needs to carry it out. */
export interface Prepared {
  readonly resource: CompiledResource;
  readonly change: PlannedChange;
  /** Null while its target is absent. */
  readonly reading: Reading<unknown> | null;
  /** Resolved as far as possible; may hold `Later`. */
  readonly want: unknown;
  /** Known now: it is there and this run won't change it. */
  readonly out?: { readonly out: unknown };
}

const nothing: Loss = { is: 'none' };

/** Reads one resource. Errors become `unreadable`, never absent. */
export async function readResource(resource: CompiledResource, reach: Reach): Promise<Reading<unknown> | null> {
  const { type, id } = resource.handle;
  const state = stateFor(type.on, reach);
  if (state?.is === 'absent') return null;
  try {
    return await type.read(id, readerFor(type.on, reach));
  } catch (error) {
    return {
      is: 'unreadable',
      why: diagnosticsOf(error)[0] ?? problem('unreadable', `${resource.title} could not be read`),
    };
  }
}

/** Compares what a resource wants with what is there, and says in one line what a run would do. */
export async function prepare(
  resource: CompiledResource,
  reading: Reading<unknown> | null,
  view: View,
): Promise<Prepared> {
  const { handle, more } = resource;
  const nameOf = (of: AnyHandle): string => of.type.title(of.id);
  const lookup = (of: AnyHandle): { readonly out: unknown } | undefined => view.lookup(of);
  const when = resolve(more.when ?? true, lookup, nameOf);
  if (when === false) return line(resource, reading, 'skip', { ...because(more.because ?? 'its condition is false') });
  if (handle.mode === 'existing' && view.comesLater(resource))
    return line(resource, reading, 'read', { certainty: 'predicted' });
  if (reading?.is === 'unreadable') return line(resource, reading, 'refused', { problem: reading.why });
  if (handle.mode === 'existing') return prepareExisting(resource, reading);
  if (handle.mode === 'gate') return prepareGate(resource, reading, view);
  const want = resolve(handle.want, lookup, nameOf);
  if (when instanceof Later) {
    return line(
      resource,
      reading,
      'undecided',
      { ...because(`decided after ${when.from.join(', ')}`), certainty: 'undecided' },
      want,
    );
  }
  const missing = [...sourcesOf(handle.want)].filter((of) => view.isSkipped?.(of));
  if (missing.length > 0)
    return line(resource, reading, 'refused', { problem: neverKnown(resource, missing.map(nameOf)) });
  return prepareManaged(resource, reading, view, want);
}

/** What a resource is made from will never be there. */
export function neverKnown({ title }: CompiledResource, from: readonly string[]): Diagnostic {
  return problem('never-known', `${title} is made from ${from.join(', ')}, which is skipped`, {
    help: 'give it the same condition, or make it from something else where that one is skipped',
  });
}

function prepareExisting(resource: CompiledResource, reading: Reading<unknown> | null): Prepared {
  if (reading?.is === 'present') return readExisting(resource, reading);
  if (reading === null) return line(resource, reading, 'read', { certainty: 'predicted' });
  const missing = problem('does-not-exist', `${resource.title} does not exist, and no earlier step makes it`, {
    help: 'run the step that makes it first, or make it by hand',
  });
  return line(resource, reading, 'refused', { problem: missing });
}

// What is there may still lack what is asked of it: a key of a Secret.
function readExisting(resource: CompiledResource, reading: Reading<unknown> & { is: 'present' }): Prepared {
  try {
    return known(line(resource, reading, 'read'), reading.live);
  } catch (error) {
    const why = diagnosticsOf(error)[0] ?? problem('unreadable', `${resource.title} could not be read`);
    return line(resource, reading, 'refused', { problem: why });
  }
}

async function prepareGate(
  resource: CompiledResource,
  reading: Reading<unknown> | null,
  view: View,
): Promise<Prepared> {
  const { type, id, more } = resource.handle;
  if (reading?.is !== 'present') return line(resource, reading, 'wait');
  const look = more.ready ? { when: more.ready } : {};
  const ready = await type.ready?.(id, reading.live, readerFor(type.on, view.reach), look);
  const open = ready === undefined || ready.is === 'ready';
  return open ? known(line(resource, reading, 'unchanged'), reading.live) : line(resource, reading, 'wait');
}

async function prepareManaged(
  resource: CompiledResource,
  reading: Reading<unknown> | null,
  view: View,
  want: unknown,
): Promise<Prepared> {
  const { type, id } = resource.handle;
  const usually = type.usually?.(id);
  const extra = usually === undefined ? {} : { usually };
  const found = reading?.is === 'present' ? reading.live : null;
  if (reading === null) {
    const state = stateFor(type.on, view.reach);
    const why = state?.is === 'absent' ? `once ${state.providedBy} has run` : 'its target is absent';
    return line(resource, reading, 'create', { ...extra, certainty: 'predicted', ...because(why) }, want);
  }
  const merged = await merge(resource, want, found, view);
  if (merged instanceof Refusal) return line(resource, reading, 'refused', { ...extra, problem: merged.why }, want);
  const live = merged?.over ?? found;
  const now: Reading<unknown> = merged?.over === undefined ? reading : { is: 'present', live };
  const difference = type.diff(live, want as never, merged?.live);
  const verb = verbOf(live, difference);
  const loss =
    verb === 'replace' && live !== null ? await type.loss(id, live, readerFor(type.on, view.reach)) : nothing;
  const certainty = merged?.certainty ?? 'exact';
  const prepared = line(
    resource,
    now,
    verb,
    {
      ...extra,
      certainty: mayStayAsItIs(verb, want) && certainty === 'exact' ? 'undecided' : certainty,
      fields: difference.changes,
      foreign: verb === 'foreign' ? difference.foreign : [],
      loss,
      ...(merged?.why === undefined ? {} : because(merged.why)),
      ...(verb === 'foreign' ? { problem: foreignProblem(resource, difference, resource.more.takeOver) } : {}),
      ...(verb === 'refused' ? { problem: obstacleProblem(resource, difference) } : {}),
    },
    want,
  );
  const stays = verb === 'unchanged' || (verb === 'adopt' && difference.changes.length === 0);
  return stays && live !== null ? known(prepared, live) : prepared;
}

async function merge(
  resource: CompiledResource,
  want: unknown,
  live: unknown,
  view: View,
): Promise<Merged<unknown> | Refusal | undefined> {
  const { type, id } = resource.handle;
  const { more } = resource;
  const options = { ...(more.takeOver ? { takeOver: more.takeOver } : {}), ...(view.run ? { run: view.run } : {}) };
  try {
    return await type.merge?.(id, want as never, live, readerFor(type.on, view.reach), options);
  } catch (error) {
    if (!(error instanceof CairnError) || error.code === 'interrupted') throw error;
    return new Refusal(error);
  }
}

/** What the server refuses to try is one line of the plan, not the end of it. */
class Refusal {
  readonly why: Diagnostic;

  constructor(error: CairnError) {
    this.why = error.diagnostics[0] ?? problem('refused', error.message);
  }
}

// A value that is known later may turn out to be the one that is there.
function mayStayAsItIs(verb: Verb, want: unknown): boolean {
  return (verb === 'update' || verb === 'undecided') && laterIn(want).length > 0;
}

function verbOf(live: unknown, { changes, foreign, removes, inTheWay, adopts = false }: Difference): Verb {
  if (foreign.length > 0) return 'foreign';
  if (inTheWay !== undefined) return 'refused';
  if (removes) return live === null ? 'unchanged' : 'remove';
  if (live === null) return 'create';
  if (changes.some((change) => change.how === 'replace')) return 'replace';
  if (adopts) return 'adopt';
  if (changes.length === 0) return 'unchanged';
  if (changes.every((change) => change.how === 'later')) return 'undecided';
  return changes.every((change) => change.how === 'restart') ? 'restart' : 'update';
}

function obstacleProblem({ title }: CompiledResource, { inTheWay }: Difference): Diagnostic {
  return problem('in-the-way', `${title}: ${inTheWay} is in its place`, {
    help: 'move it away by hand, or choose another path',
  });
}

function foreignProblem(
  resource: CompiledResource,
  { foreign }: Difference,
  takeOver: readonly string[] = [],
): Diagnostic {
  const owners = foreign.map(({ path, owner }) => `${path} is owned by ${owner}`);
  const paths = foreign.map(({ path }) => `'${path}'`);
  return problem('foreign', `${resource.title} has fields that belong to somebody else`, {
    detail: owners,
    help: `leave them out of the step, or take them with takeOver: [${[...takeOver.map((path) => `'${path}'`), ...paths].join(', ')}]`,
  });
}

function because(why: string): { readonly why: string } {
  return { why };
}

function known(prepared: Prepared, live: unknown): Prepared {
  const { type, id } = prepared.resource.handle;
  return { ...prepared, out: { out: type.out(live, id) } };
}

/** A resource with a line in the plan, by default nothing but its name and its verb. */
export function line(
  resource: CompiledResource,
  reading: Reading<unknown> | null,
  verb: Verb,
  more: Partial<PlannedChange> = {},
  want: unknown = undefined,
): Prepared {
  const change: PlannedChange = {
    name: resource.name,
    type: resource.handle.type.name,
    address: resource.address,
    title: resource.title,
    target: `${resource.target.kind}:${resource.target.name}`,
    verb,
    certainty: 'exact',
    fields: [],
    foreign: [],
    loss: nothing,
    ...(resource.source === undefined ? {} : { source: resource.source }),
    ...more,
  };
  return { resource, change, reading, want };
}
