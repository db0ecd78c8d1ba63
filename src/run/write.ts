import { CairnError, type Diagnostic, problem } from '../model/diagnostic.ts';
import type { Outcome, StepRef } from '../model/event.ts';
import type { Intent } from '../model/journal.ts';
import { isPending, type Verb } from '../model/plan.ts';
import type { PortName, Ports } from '../model/ports.ts';
import { handleOf, type Reading, type Written } from '../model/resource.ts';
import { type Reach, stateFor, writerFor } from '../plan/access.ts';
import { type CompiledResource, type CompiledStep, keyOf } from '../plan/compile.ts';
import { keyPattern } from '../plan/pattern.ts';
import { type Prepared, prepare, readResource, type View } from '../plan/prepare.ts';
import { isCutOff, readAfterLoss } from './after-loss.ts';
import type { RunContext, RunState } from './context.ts';
import type { HostGuard } from './guard.ts';
import { intend, keptBy, noteDone, type Place } from './journaled.ts';
import { patienceFor } from './patience.ts';

const mostAttempts = 4;

const outcomes: Readonly<Partial<Record<Verb, Outcome>>> = {
  create: 'created',
  update: 'updated',
  adopt: 'adopted',
  replace: 'replaced',
  remove: 'removed',
  restart: 'restarted',
};

export interface WriteScope {
  readonly context: RunContext;
  readonly state: RunState;
  readonly compiled: CompiledStep;
  readonly reach: Reach;
  readonly ref: StepRef;
  /** Of a step that its host takes back by itself unless it is confirmed. */
  readonly guard?: HostGuard | undefined;
}

/** What a write left behind. */
export interface Done {
  readonly outcome: Outcome;
  readonly live: unknown;
}

/** Where the journal files a write: by the step and the id of the target that it goes to. */
export function placeOf(
  { compiled, reach }: Pick<WriteScope, 'compiled' | 'reach'>,
  resource: CompiledResource,
): Place {
  const state = stateFor(resource.handle.type.on, reach);
  if (state?.is !== 'open') throw new CairnError(problem('no-target', `${resource.title} has no target that answers`));
  return { step: compiled.instance.id, target: state.id };
}

/** What planning during a run knows: all that was made so far. */
export function viewOf({ reach, state, context }: WriteScope): View {
  return { reach, lookup: (of) => state.outs.get(of), comesLater: () => false, run: context.run };
}

/** The journal's line for a change. */
export function intentOf(
  { compiled, reach }: Pick<WriteScope, 'compiled' | 'reach'>,
  { resource, reading, want }: Prepared,
): Intent {
  const { type, id } = resource.handle;
  const kept = keptBy(compiled, resource);
  const inside = insideOf(resource, reach);
  return {
    type: type.name,
    typeVersion: type.version,
    address: resource.address,
    title: resource.title,
    id,
    before: reading?.is === 'present' ? type.codec.encode(reading.live) : null,
    want,
    ...(kept === undefined ? {} : { kept }),
    ...(inside === undefined ? {} : { inside }),
  };
}

function insideOf({ more }: CompiledResource, reach: Reach): Intent['inside'] {
  if (!more.inside) return undefined;
  const { type, id } = handleOf(more.inside);
  const state = stateFor(type.on, reach);
  return state?.is === 'open' ? { target: state.id, address: type.address(id) } : undefined;
}

/**
 * Carries out one journaled change. When the world moved within what this run touches, it is planned again; when the
 * connection broke in the middle, what became of it is read, and only what was not done is done again.
 * @param begin makes the first try; default: by itself
 */
export async function write(
  scope: WriteScope,
  first: Prepared,
  begin: () => Promise<Written<unknown>> = () => writeOnce(scope, first),
): Promise<Done> {
  let prepared = first;
  for (let attempt = 1; ; attempt += 1) {
    const tried = attempt === 1 ? begin() : writeOnce(scope, prepared);
    const written = await tried.catch((error: unknown) => cutOff(error, attempt));
    if (written.is === 'written') return finish(scope, prepared, written.live);
    const again = await (written.is === 'moved'
      ? replan(scope, prepared, written.now, attempt)
      : settle(scope, prepared, written.lost));
    if (!isPending(again.change)) {
      const live = liveOf(again.reading);
      return written.is === 'cut-off' ? finish(scope, prepared, live) : { outcome: 'unchanged', live };
    }
    await intend(scope.context, scope.state, placeOf(scope, again.resource), [intentOf(scope, again)]);
    prepared = again;
  }
}

/** Tries it once. @param to what it is written through, where that isn't the target alone */
export async function writeOnce(
  scope: WriteScope,
  prepared: Prepared,
  to: Ports[PortName]['writer'] = ownWriter(scope, prepared),
): Promise<Written<unknown>> {
  await scope.guard?.protect(prepared);
  const { resource, reading, want, change } = prepared;
  const { type, id } = resource.handle;
  const { more, title } = resource;
  const options = {
    ...(more.takeOver ? { takeOver: more.takeOver } : {}),
    run: scope.context.run,
    replace: change.verb === 'replace',
    patience: patienceFor(scope, title, more.within),
  };
  return await type.write({ id, want, live: liveOf(reading), options }, to);
}

function ownWriter({ context, ref, reach }: WriteScope, { resource }: Prepared): Ports[PortName]['writer'] {
  const { title, handle } = resource;
  return writerFor(handle.type.on, reach, (line) => context.emit({ type: 'progress', ...ref, title, line }));
}

function cutOff(error: unknown, attempt: number): { readonly is: 'cut-off'; readonly lost: CairnError } {
  if (isCutOff(error) && attempt < mostAttempts) return { is: 'cut-off', lost: error };
  throw error;
}

// What is half done is ours, and finished like drift; the journal has what was there before it.
async function settle(scope: WriteScope, { resource }: Prepared, lost: CairnError): Promise<Prepared> {
  const read = () => readResource(resource, scope.reach);
  const now = await readAfterLoss(scope, { title: resource.title, lost, read });
  const again = await prepare(resource, now, viewOf(scope));
  if (again.change.problem) throw new CairnError(again.change.problem);
  return again;
}

function finish(scope: WriteScope, prepared: Prepared, live: unknown): Done {
  const { resource, change } = prepared;
  const { type, id } = resource.handle;
  const outcome = outcomes[change.verb] ?? 'updated';
  noteDone(
    scope.context,
    placeOf(scope, resource),
    resource.address,
    outcome,
    live === null ? null : type.codec.encode(live),
  );
  for (const pattern of type.touches?.(id) ?? []) scope.state.touched.push(keyPattern(resource.target, pattern));
  scope.state.changed.push({ title: resource.title, outcome });
  scope.state.wroteAt = scope.context.clock.date();
  return { outcome, live };
}

async function replan(
  scope: WriteScope,
  prepared: Prepared,
  now: Reading<unknown>,
  attempt: number,
): Promise<Prepared> {
  const { resource } = prepared;
  const key = keyOf(resource.target, resource.address);
  const again = await prepare(resource, now, viewOf(scope));
  if (again.change.problem) throw new CairnError(again.change.problem);
  const ours = scope.state.touched.some((pattern) => pattern.test(key));
  if (isPending(again.change) && (!ours || attempt >= mostAttempts)) throw new CairnError(movedProblem(prepared, now));
  return again;
}

/** Somebody else changed it between plan and write. */
function movedProblem({ resource, reading }: Prepared, now: Reading<unknown>): Diagnostic {
  const before = liveOf(reading);
  const fields = now.is === 'unreadable' ? [] : resource.handle.type.compare(before as never, liveOf(now) as never);
  return problem('moved', `${resource.title} was changed by somebody else since the plan was made`, {
    detail: fields.map(({ path, note }) => (note === undefined ? path : `${path} (${note})`)),
    help: 'plan again and look at the difference',
  });
}

function liveOf(reading: Reading<unknown> | null): unknown {
  return reading?.is === 'present' ? reading.live : null;
}
