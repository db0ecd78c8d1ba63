import type { StepRef } from '../model/event.ts';
import { type Reach, readerFor } from '../plan/access.ts';
import type { CompiledResource } from '../plan/compile.ts';
import type { Prepared } from '../plan/prepare.ts';
import type { RunContext } from './context.ts';
import type { WriteScope } from './write.ts';

/** Milliseconds that gathering what is worth keeping may take. */
const evidenceTime = 10_000;

/** Keeps what is worth reading of a resource that isn't ready. It helps, and must not stand in the way of the cause. */
export async function keepEvidence(
  { emit, clock, signal }: RunContext,
  ref: StepRef,
  { title, handle: { type, id } }: CompiledResource,
  { live, reach }: { readonly live: unknown; readonly reach: Reach },
): Promise<void> {
  if (!type.evidence) return;
  const late = clock.sleep(evidenceTime, signal).then(() => []);
  const found = type.evidence(id, live, readerFor(type.on, reach));
  const evidence = await Promise.race([found, late]).catch(() => []);
  if (evidence.length > 0) emit({ type: 'evidence', ...ref, title, evidence });
}

/** The same of everything of a step, one check of which failed: undo may take it away before anybody looks. */
export async function keepEvidenceOfStep(
  { context, ref, reach }: WriteScope,
  resources: readonly Prepared[],
): Promise<void> {
  await Promise.all(
    resources.map(async ({ resource }) => {
      const { type, id } = resource.handle;
      if (!type.evidence) return;
      const reading = await type.read(id, readerFor(type.on, reach)).catch(() => null);
      if (reading?.is === 'present') await keepEvidence(context, ref, resource, { live: reading.live, reach });
    }),
  );
}
