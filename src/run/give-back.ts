import { CairnError, problem } from '../model/diagnostic.ts';
import type { Outcome, StepRef } from '../model/event.ts';
import { isPending } from '../model/plan.ts';
import type { PortName, Ports } from '../model/ports.ts';
import type { Written } from '../model/resource.ts';
import { readerFor, writerFor } from '../plan/access.ts';
import type { PreparedUndo } from '../plan/undo/undo.ts';
import { isCutOff, readAfterLoss } from './after-loss.ts';
import type { RunContext } from './context.ts';
import { patienceFor } from './patience.ts';

/** What it takes to give a thing back. */
export interface GiveBackScope {
  readonly context: RunContext;
  readonly ref: StepRef;
}

/** Makes the first try. */
export type FirstTry = () => Promise<Written<unknown>>;

interface Restored {
  readonly outcome: Outcome;
  readonly live: unknown;
}

/** Gives one thing back, unless it stays. What became of a write whose connection broke is read, and done again if need be. */
export async function giveBack(
  scope: GiveBackScope,
  undo: PreparedUndo,
  firstTry: FirstTry = () => restoreOnce(scope, undo),
): Promise<Restored> {
  const { change, type, id, reach, live } = undo;
  if (change.verb === 'kept') return { outcome: 'kept', live };
  if (change.verb === 'refused')
    throw new CairnError(change.problem ?? problem('refused', `${change.title} is refused`));
  if (!isPending(change)) return { outcome: 'unchanged', live };
  if (undo.goesAlong) return { outcome: 'removed', live: null };
  const written = await firstTry().catch(async (error: unknown) => {
    if (!isCutOff(error)) throw error;
    const read = () => type.read(id, readerFor(type.on, reach));
    const now = await readAfterLoss(scope, { title: change.title, lost: error, read });
    return await restoreOnce(scope, { ...undo, live: now.is === 'present' ? now.live : null });
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

/** Tries it once. @param to what it is written through, where that isn't the target alone */
export async function restoreOnce(
  { context, ref }: GiveBackScope,
  { change: { title }, type, id, reach, before, live }: PreparedUndo,
  to: Ports[PortName]['writer'] = writerFor(type.on, reach, (line) =>
    context.emit({ type: 'progress', ...ref, title, line }),
  ),
): Promise<Written<unknown>> {
  return await type.restore({ id, before, live, patience: patienceFor({ context, ref }, title) }, to);
}

function outcomeOf({ change, before, live }: PreparedUndo): Outcome {
  if (change.verb === 'restart') return 'restarted';
  if (before === null) return 'removed';
  return live === null ? 'created' : 'updated';
}
