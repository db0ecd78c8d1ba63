import { CairnError, diagnosticsOf, problem } from '../model/diagnostic.ts';
import type { StepRef } from '../model/event.ts';
import type { Look } from '../model/ready.ts';
import type { Readiness } from '../model/resource.ts';
import { type Reach, readerFor } from '../plan/access.ts';
import type { CompiledResource } from '../plan/compile.ts';
import { heed, type RunContext } from './context.ts';
import { keepEvidence } from './evidence.ts';

const shortestPause = 200;
const longestPause = 1_000;

/** What is waited for: its image as it was written, and what trouble is new. */
export interface Awaited {
  readonly live: unknown;
  readonly reach: Reach;
  readonly look: Look;
}

/**
 * Waits until a resource is ready and returns its newest image.
 * @throws CairnError with the cause first: a failure predicate, or what it last waited for and `not-ready`
 */
export async function waitReady(
  context: RunContext,
  ref: StepRef,
  resource: CompiledResource,
  { live, reach, look }: Awaited,
): Promise<unknown> {
  const { type, id } = resource.handle;
  if (!type.ready) return live;
  const { clock, signal, options } = context;
  const began = clock.now();
  const deadline = began + (resource.more.within ?? options.timeout);
  let image = live;
  while (true) {
    const readiness = await type.ready(id, image, readerFor(type.on, reach), look);
    if (readiness.is === 'ready') return image;
    const isOver = readiness.is === 'failed' || clock.now() >= deadline;
    if (isOver) await keepEvidence(context, ref, resource, { live: image, reach });
    if (readiness.is === 'failed') throw new CairnError(readiness.why);
    if (isOver) throw notReady(resource, readiness, clock.now() - began);
    context.emit({ type: 'waiting', ...ref, title: resource.title, on: readiness.on, ms: clock.now() - began });
    heed(signal);
    await clock.sleep(pauseAfter(clock.now() - began), signal);
    heed(signal);
    image = await readAgain(resource, reach, image);
  }
}

// Who waited long can wait a little longer: what is ready is noticed a tenth late.
function pauseAfter(waited: number): number {
  return Math.min(Math.max(waited / 10, shortestPause), longestPause);
}

async function readAgain(resource: CompiledResource, reach: Reach, last: unknown): Promise<unknown> {
  const { type, id } = resource.handle;
  try {
    const reading = await type.read(id, readerFor(type.on, reach));
    if (reading.is === 'present') return reading.live;
    if (reading.is === 'absent')
      throw new CairnError(problem('vanished', `${resource.title} was removed while it was waited for`));
    return last;
  } catch (error) {
    throw new CairnError(diagnosticsOf(error)[0] ?? problem('unreadable', `${resource.title} could not be read`));
  }
}

function notReady(resource: CompiledResource, readiness: Readiness & { is: 'waiting' }, ms: number): CairnError {
  const seconds = Math.round(ms / 1000);
  const late = problem('not-ready', `${resource.title} was not ready after ${seconds} s`, {
    detail: [`it still waits for: ${readiness.on}`],
    help: 'look at it, or give it more time with --timeout',
  });
  return readiness.why ? new CairnError(readiness.why, late) : new CairnError(late);
}
