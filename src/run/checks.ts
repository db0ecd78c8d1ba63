import {
  CairnError,
  type Diagnostic,
  diagnosticsOf,
  linesOf,
  messageOf,
  problem,
  throwAll,
} from '../model/diagnostic.ts';
import type { CheckCounts } from '../model/event.ts';
import { handleOf } from '../model/resource.ts';
import type { Checks, Resources, VerifyContext } from '../model/step.ts';
import type { Prepared } from '../plan/prepare.ts';
import { heed } from './context.ts';
import { probesOf } from './probes.ts';
import { withScratch } from './scratch.ts';
import type { WriteScope } from './write.ts';

type Result =
  | { readonly result: 'passed' | 'skipped' }
  | { readonly result: 'failed'; readonly why: readonly Diagnostic[] };

export interface CheckReport {
  readonly counts: CheckCounts;
  /** The first check that failed. */
  readonly failed?: { readonly what: string; readonly why: readonly Diagnostic[] };
}

/** Collects the results of one step's checks and reports each as it ends. */
class CheckRun implements Checks {
  readonly #scope: WriteScope;
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };
  #failed: { what: string; why: readonly Diagnostic[] } | undefined;

  constructor(scope: WriteScope) {
    this.#scope = scope;
  }

  check(what: string, prove: () => Promise<void>): Promise<void> {
    return this.#report(what, async () => {
      await prove();
      return { result: 'passed' };
    });
  }

  scratch<R extends Resources>(what: string, resources: R, prove: (live: never) => Promise<void>): Promise<void> {
    return this.#report(what, async () => {
      await withScratch(this.#scope, resources, (live) => prove(live as never));
      return { result: 'passed' };
    });
  }

  disrupt(what: string, prove: () => Promise<void>): Promise<void> {
    if (!this.#scope.context.options.disrupt) return this.#report(what, async () => ({ result: 'skipped' }));
    return this.check(what, prove);
  }

  report(): CheckReport {
    return { counts: this.#counts, ...(this.#failed ? { failed: this.#failed } : {}) };
  }

  async #report(what: string, work: () => Promise<Result>): Promise<void> {
    const { context, ref } = this.#scope;
    heed(context.signal);
    const began = context.clock.now();
    const result = await work().catch((error: unknown): Result => ({ result: 'failed', why: causesOf(error) }));
    this.#counts[result.result] += 1;
    if (result.result === 'failed') this.#failed ??= { what, why: result.why };
    const why = result.result === 'failed' ? { why: result.why } : {};
    context.emit({
      type: 'check-finished',
      ...ref,
      what,
      result: result.result,
      ...why,
      ms: context.clock.now() - began,
    });
  }
}

// A check that throws a plain error says what it saw in its message; a stack would only hide that.
function causesOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof CairnError) return diagnosticsOf(error);
  const { summary, detail } = linesOf(messageOf(error));
  return [problem('check-failed', summary, detail.length > 0 ? { detail } : {})];
}

/**
 * Runs a step's checks. A failed check doesn't end the others; an interruption ends all. What differs from its declaration
 * is proved by behaviour all the same, which says what the difference does; what is missing has no behaviour to look at.
 */
export async function runChecks(
  scope: WriteScope,
  resources: readonly Prepared[],
  declared: boolean,
): Promise<CheckReport> {
  const { step, vars } = scope.compiled.instance;
  const checks = new CheckRun(scope);
  if (declared) await checkDeclared(checks, resources);
  const { verify } = step;
  if (verify && (!declared || checks.report().counts.failed === 0 || resources.every(isThere))) {
    await verifyAll(checks, () => {
      const context = {
        vars,
        live: liveOf(scope, resources),
        check: checks.check.bind(checks),
        scratch: checks.scratch.bind(checks),
        disrupt: checks.disrupt.bind(checks),
        ...probesOf(scope.reach),
      };
      return verify(context as unknown as VerifyContext<unknown, Resources>);
    });
  }
  heed(scope.context.signal);
  return checks.report();
}

// What a verify throws outside of any check must not be lost.
async function verifyAll(checks: CheckRun, verify: () => Promise<void>): Promise<void> {
  try {
    await verify();
  } catch (error) {
    await checks.check('the checks can be carried out', () => Promise.reject(error));
  }
}

/** One check of what is declared: there, as the step says, and ready. */
function checkDeclared(checks: CheckRun, resources: readonly Prepared[]): Promise<void> {
  const managed = resources.filter(
    ({ change, resource }) => resource.handle.mode !== 'gate' && !resource.parts && change.verb !== 'skip',
  );
  if (managed.length === 0) return Promise.resolve();
  return checks.check(
    managed.length === 1 ? 'what is declared is there' : `all ${managed.length} declared resources are there`,
    async () => {
      throwAll(managed.flatMap(wrongWith));
    },
  );
}

function wrongWith({ change }: Prepared): readonly Diagnostic[] {
  if (change.problem) return [change.problem];
  const fields = change.fields.map(({ path, before, after }) => `${path}  ${before ?? ''} → ${after ?? ''}`);
  const differs = problem('differs', `${change.title} is not as declared`, { detail: fields });
  switch (change.verb) {
    case 'create':
      return [problem('missing', `${change.title} is missing`)];
    case 'adopt':
      return change.fields.length === 0 ? [] : [differs];
    case 'update':
    case 'replace':
    case 'remove':
    case 'restart':
      return [differs];
    default:
      return [];
  }
}

function isThere({ change, reading, resource }: Prepared): boolean {
  if (change.verb === 'skip' || resource.parts !== undefined) return true;
  // What lacks something that is asked of it is as good as missing; what can't be put right may still work.
  return reading?.is === 'present' && (change.verb !== 'refused' || resource.handle.mode !== 'existing');
}

function liveOf(scope: WriteScope, resources: readonly Prepared[]): Record<string, unknown> {
  const outs = new Map(resources.map((prepared) => [prepared.resource.handle, outOf(scope, prepared)]));
  const partsOf = ({ resource }: Prepared): unknown =>
    Object.fromEntries(resource.parts?.map(({ address, handle }) => [address, outs.get(handle)]) ?? []);
  return Object.fromEntries(
    resources.map((prepared) => [
      prepared.resource.name,
      prepared.resource.parts ? partsOf(prepared) : outs.get(prepared.resource.handle),
    ]),
  );
}

// The plan leaves open what a changed resource puts out; a check looks at the one that is there.
function outOf({ state }: WriteScope, { resource: { handle }, out, reading }: Prepared): unknown {
  const known = state.outs.get(handleOf(handle)) ?? out;
  if (known !== undefined) return known.out;
  return reading?.is === 'present' ? handle.type.out(reading.live, handle.id) : undefined;
}
