import { CairnError, problem } from '../model/diagnostic.ts';
import type { Outcome, StepRef } from '../model/event.ts';
import type { Intent } from '../model/journal.ts';
import { isPending } from '../model/plan.ts';
import { readerFor, writerFor } from '../plan/access.ts';
import type { PreparedUndo } from '../plan/undo/undo.ts';
import { isCutOff, readAfterLoss } from './after-loss.ts';
import { heed, type RunContext, type RunState } from './context.ts';
import { ResourceFailure } from './converge.ts';
import { begin, intend, noteDone } from './journaled.ts';
import { patienceFor } from './patience.ts';
import { undoLevels } from './undo-levels.ts';

/** What it takes to give things back. */
export interface TakeBackScope {
  readonly context: RunContext;
  readonly state: RunState;
  readonly ref: StepRef;
}

/** Gives things of one step back, newest first, neighbours side by side; journaled before. */
export async function takeBackAll(
  scope: TakeBackScope,
  entries: readonly PreparedUndo[],
  note: (outcome: Outcome) => void,
): Promise<void> {
  for (const level of undoLevels(entries)) {
    heed(scope.context.signal);
    for (const outcome of await takeBackLevel(scope, level)) note(outcome);
  }
}

async function takeBackLevel(scope: TakeBackScope, level: readonly PreparedUndo[]): Promise<readonly Outcome[]> {
  const { context, state, ref } = scope;
  const pending = level.filter(({ change }) => isPending(change));
  for (const [target, group] of Map.groupBy(pending, ({ entry }) => entry.target)) {
    await intend(
      context,
      state,
      { step: ref.step, target },
      group.map((undo) => intentOf(undo, context.command)),
    );
  }
  const settled = await Promise.allSettled(level.map((undo) => takeBack(scope, undo)));
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function intentOf({ entry, type, live, before }: PreparedUndo, command: RunContext['command']): Intent {
  const isDropped = command === 'up';
  return {
    type: type.name,
    typeVersion: type.version,
    address: entry.address,
    title: entry.title,
    id: entry.id,
    before: live === null ? null : type.codec.encode(live),
    want: before === null || isDropped ? null : type.codec.encode(before),
    ...(isDropped ? { dropped: true } : {}),
  };
}

async function takeBack({ context, state, ref }: TakeBackScope, undo: PreparedUndo): Promise<Outcome> {
  const { entry, change, type } = undo;
  const began = context.clock.now();
  if (isPending(change)) context.emit({ type: 'resource-started', ...ref, title: change.title });
  const { outcome, live } = await restoreOne(context, ref, undo).catch((error: unknown) => {
    throw new ResourceFailure(change.title, error);
  });
  // What undo finds as it was is taken back, too: the journal must not go on offering it.
  if (isPending(change) || (context.command === 'undo' && outcome !== 'kept')) {
    begin(context, state);
    const after = live === null || context.command === 'undo' ? null : type.codec.encode(live);
    noteDone(context, { step: ref.step, target: entry.target }, entry.address, outcome, after);
  }
  if (isPending(change)) state.changed.push({ title: change.title, outcome });
  const why = change.why === undefined ? {} : { why: change.why };
  const ms = context.clock.now() - began;
  context.emit({
    type: 'resource-finished',
    ...ref,
    title: change.title,
    address: entry.address,
    outcome,
    fields: change.fields,
    ...why,
    ms,
  });
  return outcome;
}

interface Restored {
  readonly outcome: Outcome;
  readonly live: unknown;
}

async function restoreOne(context: RunContext, ref: StepRef, undo: PreparedUndo): Promise<Restored> {
  const { change, type, id, reach, before, live } = undo;
  if (change.verb === 'kept') return { outcome: 'kept', live };
  if (change.verb === 'refused')
    throw new CairnError(change.problem ?? problem('refused', `${change.title} is refused`));
  if (!isPending(change)) return { outcome: 'unchanged', live };
  if (undo.goesAlong) return { outcome: 'removed', live: null };
  const progress = (line: string): void => context.emit({ type: 'progress', ...ref, title: change.title, line });
  const writer = writerFor(type.on, reach, progress);
  const patience = patienceFor({ context, ref }, change.title);
  const restoreFrom = (now: unknown) => type.restore({ id, before, live: now, patience }, writer);
  const written = await restoreFrom(live).catch(async (error: unknown) => {
    if (!isCutOff(error)) throw error;
    const read = () => type.read(id, readerFor(type.on, reach));
    const now = await readAfterLoss({ context, ref }, { title: change.title, lost: error, read });
    return await restoreFrom(now.is === 'present' ? now.live : null);
  });
  if (written.is === 'moved') {
    throw new CairnError(
      problem('moved', `${change.title} was changed by somebody else since the plan was made`, {
        help: 'plan again and look at the difference',
      }),
    );
  }
  return { outcome: outcomeOf(undo), live: written.live };
}

function outcomeOf({ change, before, live }: PreparedUndo): Outcome {
  if (change.verb === 'restart') return 'restarted';
  if (before === null) return 'removed';
  return live === null ? 'created' : 'updated';
}
