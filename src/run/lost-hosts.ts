import type { Diagnostic } from '../model/diagnostic.ts';
import { exitCodes, type Failure } from '../model/event.ts';
import type { BuiltPlan, PreparedStep } from '../plan/build.ts';
import { unreachable } from '../plan/undo/lost.ts';
import type { RunContext } from './context.ts';
import { noChecks, type RunResult } from './outcome.ts';

/** A plan for the hosts that answer, and who doesn't, by target: `host:web1`. */
export interface SetApart {
  readonly reachable: BuiltPlan;
  readonly lost: ReadonlyMap<string, Diagnostic>;
}

/** Sets hosts apart that can't be reached: the others go on without them. What nobody declares any more stays then. */
export function setLostApart(built: BuiltPlan): SetApart {
  const lost = new Map<string, Diagnostic>();
  for (const step of built.steps) {
    const { host } = step.reach;
    if (host?.is === 'unreachable') lost.set(targetOf(step), unreachable(step.compiled.instance.target.name, host.why));
  }
  if (lost.size === 0) return { reachable: built, lost };
  const steps = built.steps.filter((step) => !lost.has(targetOf(step)));
  const plan = { ...built.plan, steps: built.plan.steps.filter(({ target }) => !lost.has(target)) };
  return { reachable: { ...built, plan, steps, dropped: [] }, lost };
}

/** Says at once who is left out. */
export function announceLost({ emit }: Pick<RunContext, 'emit'>, lost: SetApart['lost']): void {
  for (const why of lost.values()) emit({ type: 'notice', diagnostic: { ...why, severity: 'warning' } });
}

/** A result with those that were left out: it is no success. */
export function withLost(result: RunResult, lost: SetApart['lost']): RunResult {
  const [first] = lost.keys();
  if (first === undefined) return result;
  const failure: Failure = result.failure ?? { causes: [...lost.values()] };
  const recap = [...lost.keys()].map((target) => ({ target, counts: { unreachable: 1 }, checks: noChecks }));
  const code = result.code === exitCodes.converged ? exitCodes.failed : result.code;
  return { ...result, code, failure, recap: [...result.recap, ...recap] };
}

/** `host:web1`. */
export function targetOf({ compiled }: PreparedStep): string {
  const { kind, name } = compiled.instance.target;
  return `${kind}:${name}`;
}
