import { CairnError, problem } from '../model/diagnostic.ts';
import type { Holder } from '../model/journal.ts';
import { moment } from '../model/moment.ts';

/** A holder and the moment (ISO 8601) at which it took its lock. */
export interface Held {
  readonly holder: Holder;
  readonly since: string;
}

/**
 * What a person is told when somebody else works on a target.
 * @param help what to do if the holder is gone for good and its lock stayed
 */
export function lockedBy({ holder, since }: Held, target: string, help?: string): CairnError {
  const { run, doing, pid, host } = holder;
  return new CairnError(
    problem('locked', `${target} is locked by run ${run}`, {
      detail: [`${doing}  (pid ${pid} on ${host}, since ${moment(since, new Date())})`],
      help: help ?? 'wait for it to end; a run that was killed gives its lock up by itself',
    }),
  );
}

/** What a run is told that has been overtaken. */
export function lockLost(target: string): CairnError {
  return new CairnError(
    problem('lock-lost', `Another run took the lock of ${target}, so this one stops before its next write`, {
      help: 'look at cairn status, then go on with cairn up --run',
    }),
  );
}
