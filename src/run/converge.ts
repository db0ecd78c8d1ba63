import { laterIn } from '../model/deferred.ts';
import { CairnError, type Diagnostic, diagnosticsOf, problem } from '../model/diagnostic.ts';
import type { Outcome } from '../model/event.ts';
import { isPending } from '../model/plan.ts';
import type { Reading, Written } from '../model/resource.ts';
import { neverKnown, type Prepared, prepare, readResource } from '../plan/prepare.ts';
import { openNow } from './bundles.ts';
import { heed } from './context.ts';
import { intend } from './journaled.ts';
import { nextLevel } from './level.ts';
import { writesOf } from './level-writes.ts';
import { waitReady } from './ready.ts';
import { Together } from './together.ts';
import { Waiting } from './waiting.ts';
import { type Done, intentOf, placeOf, viewOf, type WriteScope, write } from './write.ts';

/** A resource that failed, with its causes. */
export class ResourceFailure extends CairnError {
  readonly title: string;

  constructor(title: string, error: unknown) {
    const [first, ...more] = diagnosticsOf(error);
    super(first ?? problem('failed', `${title} failed`), ...more);
    this.title = title;
  }
}

/**
 * Makes a step's resources true, level by level: what can be written is journaled together and written; what uses its
 * outputs waits until it is ready, the rest goes on.
 * @param outcomes filled as they come, by the resource's name: what was done before a failure counts, too
 * @throws ResourceFailure with the first cause
 */
export async function converge(
  scope: WriteScope,
  resources: readonly Prepared[],
  outcomes: Map<string, Outcome> = new Map(),
): Promise<void> {
  const todo = new Map(resources.map((prepared) => [prepared.resource.handle, prepared]));
  const unready = new Waiting();
  try {
    while (todo.size > 0) {
      heed(scope.context.signal);
      unready.check();
      const level = nextLevel([...todo.values()], unready.handles());
      if (level.length === 0) {
        await unready.next();
        continue;
      }
      const bundles = level.filter(isBundle);
      for (const bundle of bundles) {
        todo.delete(bundle.resource.handle);
        const parts = await guarded(bundle, () => openNow(scope, bundle));
        for (const part of parts) todo.set(part.resource.handle, part);
      }
      const objects = level.filter((prepared) => !isBundle(prepared));
      const fresh = await Promise.all(objects.map((prepared) => guarded(prepared, () => refresh(scope, prepared))));
      await carryOut(scope, fresh, unready, (prepared, outcome) => outcomes.set(prepared.resource.name, outcome));
      for (const { resource } of fresh) todo.delete(resource.handle);
    }
    await unready.all();
  } catch (error) {
    await unready.giveUp();
    throw error;
  }
}

// What was exact when it was planned goes straight to its guarded write; the rest is read again, now that more is known.
async function refresh(scope: WriteScope, prepared: Prepared): Promise<Prepared> {
  const { resource, change, reading, want } = prepared;
  const settled =
    change.certainty === 'exact' && reading !== null && laterIn(want).length === 0 && change.verb !== 'wait';
  if (settled) return prepared;
  const now = await readResource(resource, scope.reach);
  const again = await prepare(resource, now, viewOf(scope));
  if (again.change.problem) throw new CairnError(again.change.problem);
  if (isPending(again.change) && !isPending(change)) throw new CairnError(unlisted(again));
  const missing = laterIn(again.want);
  if (isPending(again.change) && missing.length > 0) throw new CairnError(neverKnown(resource, missing));
  return again;
}

// What a plan calls unchanged is never written, also where that was a prediction.
function unlisted({ change }: Prepared): Diagnostic {
  return problem('moved', `${change.title} was planned as unchanged, and would be changed now`, {
    detail: change.fields.map(({ path }) => path),
    help: 'plan again and look at the difference',
  });
}

type Note = (prepared: Prepared, outcome: Outcome) => void;

async function carryOut(scope: WriteScope, level: readonly Prepared[], unready: Waiting, note: Note): Promise<void> {
  const pending = level.filter(({ change }) => isPending(change));
  for (const prepared of pending) await guarded(prepared, () => demandConsent(scope, prepared));
  await journal(scope, pending);
  if (level.every(({ resource }) => resource.handle.type.on === 'kubernetes')) {
    await settle(level.map((prepared) => one(scope, prepared, { unready, note })));
    return;
  }
  const together = new Together(writesOf(scope), level);
  for (const prepared of level) {
    const { signal } = scope.context;
    // What went to the host with those before it is no longer to be stopped.
    if (signal.aborted && !(await together.isUnderWay(prepared))) heed(signal);
    await one(scope, prepared, { unready, note, begin: () => together.write(prepared) });
  }
}

interface Work {
  readonly unready: Waiting;
  readonly note: Note;
  /** Makes the first try to write it. */
  readonly begin?: () => Promise<Written<unknown>>;
}

// One durable record for each target of the level.
async function journal(scope: WriteScope, pending: readonly Prepared[]): Promise<void> {
  const byTarget = Map.groupBy(pending, ({ resource }) => placeOf(scope, resource).target);
  const records = [...byTarget].map(([target, group]) =>
    intend(
      scope.context,
      scope.state,
      { step: scope.compiled.instance.id, target },
      group.map((prepared) => intentOf(scope, prepared)),
    ),
  );
  await Promise.all(records);
}

// Side by side, but nothing is left running behind a failure.
async function settle<T>(all: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(all);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function one(scope: WriteScope, prepared: Prepared, { unready, note, begin }: Work): Promise<void> {
  const { context, ref } = scope;
  const { title } = prepared.resource;
  const began = context.clock.now();
  // What was wrong before may be repaired by what is written from here on, or by what was written last.
  const since = isPending(prepared.change) ? context.clock.date() : scope.state.wroteAt;
  if (isPending(prepared.change) || prepared.change.verb === 'wait') {
    const { usually } = prepared.change;
    context.emit({ type: 'resource-started', ...ref, title, ...(usually === undefined ? {} : { usually }) });
  }
  const failed = (error: unknown, otherwise: Outcome): never => {
    note(prepared, isInterruption(error) ? otherwise : 'failed');
    throw error;
  };
  const done = await guarded(prepared, () => makeTrue(scope, prepared, begin)).catch((error) =>
    failed(error, 'unchanged'),
  );
  const ready = guarded(prepared, () => becomeReady(scope, prepared, { done, unready, since })).then(
    () => {
      if (prepared.change.verb === 'read') return;
      note(prepared, done.outcome);
      finish(scope, prepared, done.outcome, began);
    },
    (error) => failed(error, done.outcome),
  );
  if (holdsUp(prepared)) await ready;
  else unready.add(prepared.resource.handle, ready);
}

// When another resource fails, what still waits is given up: nothing is known against it.
function isInterruption(error: unknown): boolean {
  return error instanceof CairnError && error.code === 'interrupted';
}

// Definitions and namespaces must be there before what lies in them; on hosts and in actions the order is the step's own.
function holdsUp({ resource }: Prepared): boolean {
  return resource.handle.type.on !== 'kubernetes' || resource.phase < 2;
}

function finish({ context, ref }: WriteScope, { change, resource }: Prepared, outcome: Outcome, began: number): void {
  const { title, address } = resource;
  const fields = outcome === 'unchanged' ? [] : change.fields;
  const why = change.why === undefined ? {} : { why: change.why };
  context.emit({
    type: 'resource-finished',
    ...ref,
    title,
    address,
    outcome,
    fields,
    ...why,
    ms: context.clock.now() - began,
  });
}

async function makeTrue(scope: WriteScope, prepared: Prepared, begin: Work['begin']): Promise<Done> {
  if (prepared.change.verb === 'skip') return { outcome: 'skipped', live: null };
  return isPending(prepared.change)
    ? write(scope, prepared, begin)
    : { outcome: 'unchanged', live: liveOf(prepared.reading) };
}

async function becomeReady(
  scope: WriteScope,
  { resource }: Prepared,
  { done, unready, since }: { readonly done: Done; readonly unready: Waiting; readonly since: string | undefined },
): Promise<void> {
  if (done.live === null) return;
  const signal = AbortSignal.any([scope.context.signal, unready.givenUp]);
  const { ready: when } = resource.more;
  const look = { ...(since === undefined ? {} : { since }), ...(when ? { when } : {}) };
  const live = await waitReady({ ...scope.context, signal }, scope.ref, resource, {
    live: done.live,
    reach: scope.reach,
    look,
  });
  scope.state.outs.set(resource.handle, { out: resource.handle.type.out(live, resource.handle.id) });
}

function demandConsent({ context }: WriteScope, { change }: Prepared): Promise<void> {
  if (change.verb !== 'replace' || context.options.allowReplace) return Promise.resolve();
  const fields = change.fields.filter(({ how }) => how === 'replace').map(({ path }) => path);
  const why = change.loss.is === 'none' ? [] : [change.loss.why];
  throw new CairnError(
    problem('needs-replace', `${change.title} can only be changed by replacing it: ${fields.join(', ')}`, {
      detail: why,
      help: 'allow it with --allow-replace',
    }),
  );
}

async function guarded<T>(prepared: Prepared, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ResourceFailure ? error : new ResourceFailure(prepared.resource.title, error);
  }
}

function isBundle({ resource }: Prepared): boolean {
  return resource.handle.mode === 'bundle';
}

function liveOf(reading: Reading<unknown> | null): unknown {
  return reading?.is === 'present' ? reading.live : null;
}
