import { CairnError, problem } from '../model/diagnostic.ts';
import type { Holder } from '../model/journal.ts';

/** What a person is told when somebody else works on a target. */
export function lockedBy(holder: Holder, target: string): CairnError {
  return new CairnError(
    problem('locked', `${target} is locked by run ${holder.run}`, {
      detail: [`${holder.doing}  (pid ${holder.pid} on ${holder.host})`],
      help: 'wait for it to end; a run that was killed gives its lock up by itself',
    }),
  );
}

export function lockLost(target: string): CairnError {
  return new CairnError(
    problem('lock-lost', `another run took the lock of ${target}, so this one stops before its next write`, {
      help: 'look at cairn status, then go on with cairn up --run',
    }),
  );
}
