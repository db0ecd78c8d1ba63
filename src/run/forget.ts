import { CairnError, problem } from '../model/diagnostic.ts';
import { exitCodes, type Outcome, type StepRef } from '../model/event.ts';
import type { Intent } from '../model/journal.ts';
import { writerFor } from '../plan/access.ts';
import { type PreparedForget, placeIn } from '../plan/undo/forget.ts';
import { heed, type RunContext, type RunState } from './context.ts';
import { ResourceFailure } from './converge.ts';
import { intend, noteDone } from './journaled.ts';
import { countOutcomes, exitCodeOf, failureOf, noChecks, type RunResult, recapOf, type StepResult } from './outcome.ts';

/** Lets go of things, step by step: what of ours is on them goes, then the journal. What was cut short is done by running it again. */
export async function executeForget(
  context: RunContext,
  state: RunState,
  forgets: readonly PreparedForget[],
): Promise<RunResult> {
  const groups = [...Map.groupBy(forgets, placeIn).values()];
  const results: StepResult[] = [];
  for (const [i, group] of groups.entries()) {
    const result = await forgetGroup(context, state, group);
    results.push(result);
    if (!result.failure) continue;
    const notReached = groups.slice(i + 1).flatMap(([first]) => first?.entry.step ?? []);
    const { failure } = result;
    return { code: exitCodeOf(failure.causes[0]), recap: recapOf(results), failure, notReached };
  }
  return { code: exitCodes.converged, recap: recapOf(results), notReached: [] };
}

async function forgetGroup(
  context: RunContext,
  state: RunState,
  group: readonly PreparedForget[],
): Promise<StepResult> {
  const ref: StepRef = { step: group[0]?.entry.step ?? '', target: group[0]?.change.target ?? '' };
  const began = context.clock.now();
  context.emit({ type: 'step-started', ...ref });
  const outcomes: Outcome[] = [];
  let failure: StepResult['failure'];
  try {
    heed(context.signal);
    for (const [target, own] of Map.groupBy(group, ({ entry }) => entry.target)) {
      await intend(context, state, { step: ref.step, target }, own.map(intentOf));
    }
    for (const one of group) {
      heed(context.signal);
      await forgetOne({ context, state, ref }, one);
      outcomes.push('forgotten');
    }
  } catch (error) {
    failure = failureOf(ref, error);
  }
  const ok = failure === undefined;
  const ms = context.clock.now() - began;
  context.emit({ type: 'step-finished', ...ref, counts: countOutcomes(outcomes), checks: noChecks, ok, ms });
  return { ...ref, outcomes, checks: noChecks, ...(failure ? { failure } : {}) };
}

function intentOf({ entry, marked }: PreparedForget): Intent {
  const { type, address, title, id, beforeVersion } = entry;
  return {
    type,
    typeVersion: marked?.type.version ?? beforeVersion,
    address,
    title,
    id,
    before: marked ? marked.type.codec.encode(marked.live) : null,
    want: null,
  };
}

interface ForgetScope {
  readonly context: RunContext;
  readonly state: RunState;
  readonly ref: StepRef;
}

async function forgetOne({ context, state, ref }: ForgetScope, { entry, marked }: PreparedForget): Promise<void> {
  const { title, address, target } = entry;
  const began = context.clock.now();
  const progress = (line: string): void => context.emit({ type: 'progress', ...ref, title, line });
  if (marked) {
    const { type, live, reach } = marked;
    const written = await Promise.resolve(
      type.letGo?.({ id: entry.id, live }, writerFor(type.on, reach, progress)),
    ).catch((error: unknown) => {
      throw new ResourceFailure(title, error);
    });
    if (written?.is === 'moved') throw new CairnError(moved(title));
  }
  noteDone(context, { step: ref.step, target }, address, 'forgotten', null);
  state.changed.push({ title, outcome: 'forgotten' });
  const ms = context.clock.now() - began;
  context.emit({ type: 'resource-finished', ...ref, title, address, outcome: 'forgotten', fields: [], ms });
}

function moved(title: string): ReturnType<typeof problem> {
  return problem('moved', `${title} was changed by somebody else since the plan was made`, {
    help: 'look at what is there now, and say it again',
  });
}
