import type { StepRef } from '../model/event.ts';
import type { Patience } from '../model/ready.ts';
import type { RunContext } from './context.ts';

interface Waits {
  readonly context: RunContext;
  readonly ref: StepRef;
}

/** How long a write may wait until what it removes is gone, and how the tree hears of it. `within`: milliseconds, the resource's own. */
export function patienceFor({ context, ref }: Waits, title: string, within?: number): Patience {
  const { clock, options, emit } = context;
  const began = clock.now();
  return {
    within: within ?? options.timeout,
    waiting: (on) => emit({ type: 'waiting', ...ref, title, on, ms: clock.now() - began }),
  };
}
