import type { StepInstance } from '../model/project.ts';
import type { PreparedStep } from '../plan/build.ts';

/**
 * What is done side by side, in order: each step on all its targets; where a component says `serial`, all its steps on
 * the first batch of hosts, then all on the next.
 */
export function turnsOf(steps: readonly PreparedStep[]): readonly (readonly PreparedStep[])[] {
  const turns: (readonly PreparedStep[])[] = [];
  for (const stretch of stretchesOf(steps)) {
    const { serial } = stretch[0]?.compiled.instance ?? {};
    for (const batch of serial ? batchesOf(stretch, serial) : [stretch])
      turns.push(...Map.groupBy(batch, ({ compiled }) => compiled.instance.id).values());
  }
  return turns;
}

// Neighbours that say the same: what one component of the playbook holds.
function stretchesOf(steps: readonly PreparedStep[]): readonly (readonly PreparedStep[])[] {
  const stretches: PreparedStep[][] = [];
  for (const step of steps) {
    const last = stretches.at(-1);
    if (last && last[0]?.compiled.instance.serial === step.compiled.instance.serial) last.push(step);
    else stretches.push([step]);
  }
  return stretches;
}

function batchesOf(
  steps: readonly PreparedStep[],
  serial: NonNullable<StepInstance['serial']>,
): readonly (readonly PreparedStep[])[] {
  const targets = [...new Set(steps.map(({ compiled }) => compiled.instance.target))];
  const batches: (readonly PreparedStep[])[] = [];
  for (let from = 0, turn = 0; from < targets.length; turn += 1) {
    const size = serial[Math.min(turn, serial.length - 1)] ?? targets.length;
    const amount = typeof size === 'number' ? size : Math.max(1, Math.floor((targets.length * size.percent) / 100));
    const batch = new Set(targets.slice(from, from + amount));
    batches.push(steps.filter(({ compiled }) => batch.has(compiled.instance.target)));
    from += amount;
  }
  return batches;
}
