import { CairnError, problem } from '../model/diagnostic.ts';
import type { StepRef } from '../model/event.ts';
import { isLoss } from '../model/loss.ts';
import type { Reading } from '../model/resource.ts';
import type { RunContext } from './context.ts';

/** Milliseconds that a host may take until it answers again. */
const longest = 60_000;
const firstPause = 500;
const longestPause = 8_000;

/** A write that was cut off with its connection. */
export interface CutOff {
  readonly title: string;
  readonly lost: CairnError;
  /** Looks at the thing, over a new connection. */
  read(): Promise<Reading<unknown> | null>;
}

/** True for an error after which nobody knows whether a write was done. */
export function isCutOff(error: unknown): error is CairnError {
  return error instanceof CairnError && isLoss(error);
}

/**
 * What became of a write whose connection broke: it is read, as soon as the host answers again.
 * @throws CairnError `outcome-unknown` when that can't be told
 */
export async function readAfterLoss(
  { context, ref }: { readonly context: RunContext; readonly ref: StepRef },
  { title, lost, read }: CutOff,
): Promise<Reading<unknown>> {
  const { clock, signal, emit } = context;
  const began = clock.now();
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const now = await read();
    if (now && now.is !== 'unreadable') return now;
    const why = now?.why ?? problem('no-target', 'its target is gone');
    const isOver = !isLoss(why) || signal.aborted || clock.now() - began + pause > longest;
    if (isOver) throw unknown(title, lost, why.summary);
    emit({
      type: 'waiting',
      ...ref,
      title,
      on: 'the connection broke; the host is asked again',
      ms: clock.now() - began,
    });
    await clock.sleep(pause, signal);
  }
}

function unknown(title: string, lost: CairnError, why: string): CairnError {
  const detail = [...new Set([...lost.diagnostics.flatMap((one) => [one.summary, ...(one.detail ?? [])]), why])];
  return new CairnError(
    problem('outcome-unknown', `the connection broke while ${title} was written: whether it was done is not known`, {
      detail,
      help: 'say the same again when the host answers: what is there is read before anything is written',
    }),
  );
}
