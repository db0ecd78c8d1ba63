import { type Diagnostic, problem } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';

/** What a plan loses for good that nobody agreed to, by name. */
export function lossesWithoutConsent(plan: Plan, allowed: readonly string[]): readonly Diagnostic[] {
  return plan.steps
    .flatMap((step) => step.changes)
    .filter(({ loss, address }) => loss.is === 'data' && !allowed.includes(address))
    .map(({ title, address }) =>
      problem('needs-consent', `${title} holds data that would be lost`, {
        help: `allow it with --allow-data-loss ${address}`,
      }),
    );
}
