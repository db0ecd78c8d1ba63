import type { Outcome } from '../model/event.ts';
import type { Intent } from '../model/journal.ts';
import { isPending } from '../model/plan.ts';
import { hostWriter, type Reach } from '../plan/access.ts';
import type { PreparedUndo } from '../plan/undo/undo.ts';
import { heed, type RunContext, type RunState } from './context.ts';
import { ResourceFailure } from './converge.ts';
import { type FirstTry, type GiveBackScope, giveBack, restoreOnce } from './give-back.ts';
import { begin, intend, noteDone } from './journaled.ts';
import { Together, type Writes } from './together.ts';
import { undoLevels } from './undo-levels.ts';

interface Scope extends GiveBackScope {
  readonly state: RunState;
}

/** Gives things of one step back, newest first, neighbours side by side or, on a host, in few round trips; journaled before. */
export async function takeBackAll(
  scope: Scope,
  entries: readonly PreparedUndo[],
  note: (outcome: Outcome) => void,
): Promise<void> {
  for (const level of undoLevels(entries)) {
    heed(scope.context.signal);
    await intendLevel(scope, level);
    const [first] = level;
    if (first?.type.on === 'host') await takeBackInTurn(scope, level, { reach: first.reach, note });
    else await takeBackAtOnce(scope, level, note);
  }
}

async function intendLevel({ context, state, ref }: Scope, level: readonly PreparedUndo[]): Promise<void> {
  const pending = level.filter(({ change }) => isPending(change));
  for (const [target, group] of Map.groupBy(pending, ({ entry }) => entry.target)) {
    await intend(
      context,
      state,
      { step: ref.step, target },
      group.map((undo) => intentOf(undo, context.command)),
    );
  }
}

type Note = (outcome: Outcome) => void;

async function takeBackAtOnce(scope: Scope, level: readonly PreparedUndo[], note: Note): Promise<void> {
  const settled = await Promise.allSettled(level.map((undo) => takeBack(scope, undo)));
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  for (const result of settled) if (result.status === 'fulfilled') note(result.value);
}

interface OnHost {
  readonly reach: Reach;
  readonly note: Note;
}

async function takeBackInTurn(scope: Scope, level: readonly PreparedUndo[], { reach, note }: OnHost): Promise<void> {
  const { signal } = scope.context;
  const together = new Together(writesOf(scope, reach), level);
  for (const undo of level) {
    // What went to the host with those before it is no longer to be stopped.
    if (signal.aborted && !(await together.isUnderWay(undo))) heed(signal);
    note(await takeBack(scope, undo, () => together.write(undo)));
  }
}

function writesOf(scope: Scope, reach: Reach): Writes<PreparedUndo> {
  const { context, ref } = scope;
  return {
    get host() {
      return hostWriter(reach);
    },
    stop: context.signal,
    write: (undo, to) => restoreOnce(scope, undo, to),
    tell: ({ change: { title } }, line) => context.emit({ type: 'progress', ...ref, title, line }),
    place: ({ change, goesAlong }) => ({ joins: isPending(change) && !goesAlong, ends: false }),
  };
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

/** @param firstTry default: by itself */
async function takeBack(scope: Scope, undo: PreparedUndo, firstTry?: FirstTry): Promise<Outcome> {
  const { context, state, ref } = scope;
  const { entry, change, type } = undo;
  const began = context.clock.now();
  if (isPending(change)) context.emit({ type: 'resource-started', ...ref, title: change.title });
  const { outcome, live } = await giveBack(scope, undo, firstTry).catch((error: unknown) => {
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
