import type { Connections, TargetState } from '../model/connections.ts';
import { problem } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import type { Project, Target } from '../model/project.ts';
import type { AnyHandle, Reading } from '../model/resource.ts';
import type { Reach } from './access.ts';
import { type CompiledResource, type CompiledStep, keyOf } from './compile.ts';
import { decide } from './decide.ts';
import { type Prepared, prepare, readResource } from './prepare.ts';

/** A step with its resources planned. */
export interface PreparedStep {
  readonly compiled: CompiledStep;
  readonly reach: Reach;
  readonly resources: readonly Prepared[];
}

export interface BuiltPlan {
  readonly plan: Plan;
  readonly steps: readonly PreparedStep[];
}

/**
 * Reads the live world, all at once, and says what a run would do. Writes nothing.
 * @param now milliseconds, monotonic
 */
export async function buildPlan(
  project: Project,
  compiled: readonly CompiledStep[],
  connections: Connections,
  now: () => number,
): Promise<BuiltPlan> {
  const started = now();
  const ids = new Set(compiled.map(({ instance }) => instance.id));
  const reaches = (await Promise.all(compiled.map((step) => reachOf(step, connections)))).map((reach) =>
    withProvider(reach, ids),
  );
  const readings = await readAll(compiled, reaches);
  const readMs = now() - started;
  const planner = new Planner(compiled, reaches, readings);
  const prepared = await Promise.all(
    compiled.map((step) => Promise.all(step.resources.map((resource) => planner.plan(resource)))),
  );
  const steps = decide(
    compiled.map((step, i) => ({ compiled: step, reach: at(reaches, i), resources: at(prepared, i) })),
  );
  return { plan: planOf(project, steps, readMs), steps };
}

/** The targets a step can reach, opened. */
export async function reachOf({ instance }: CompiledStep, connections: Connections): Promise<Reach> {
  const open = (target: Target | undefined): Promise<TargetState> | undefined => target && connections.open(target);
  const [host, cluster] = await Promise.all([
    open(instance.target.kind === 'host' ? instance.target : undefined),
    open(instance.cluster),
  ]);
  return { host, cluster, http: connections.http };
}

// What is absent comes during the run only if the step that provides it is part of it.
function withProvider(reach: Reach, ids: ReadonlySet<string>): Reach {
  const { cluster } = reach;
  if (cluster?.is !== 'absent' || ids.has(cluster.providedBy)) return reach;
  const why = problem('cluster-absent', 'the cluster is not there', {
    help: `step ${cluster.providedBy} makes it: run its playbook first`,
  });
  return { ...reach, cluster: { is: 'unreachable', why } };
}

type Readings = ReadonlyMap<AnyHandle, Reading<unknown> | null>;

async function readAll(compiled: readonly CompiledStep[], reaches: readonly Reach[]): Promise<Readings> {
  const pairs = compiled.flatMap((step, i) =>
    step.resources.map(async (resource) => [resource.handle, await readResource(resource, at(reaches, i))] as const),
  );
  return new Map(await Promise.all(pairs));
}

/** Plans each resource once, after those it waits for; independent ones side by side. */
class Planner {
  readonly #reachOf = new Map<AnyHandle, Reach>();
  readonly #byHandle = new Map<AnyHandle, CompiledResource>();
  readonly #managed = new Map<string, CompiledResource>();
  readonly #readings: Readings;
  readonly #planned = new Map<AnyHandle, Promise<Prepared>>();
  readonly #outs = new Map<AnyHandle, { readonly out: unknown }>();
  readonly #pendingKeys = new Set<string>();
  readonly #order = new Map<AnyHandle, number>();

  constructor(compiled: readonly CompiledStep[], reaches: readonly Reach[], readings: Readings) {
    this.#readings = readings;
    compiled.forEach((step, i) => {
      for (const resource of step.resources) {
        this.#reachOf.set(resource.handle, at(reaches, i));
        this.#byHandle.set(resource.handle, resource);
        this.#order.set(resource.handle, i);
        if (resource.handle.mode === 'managed') this.#managed.set(keyOf(resource.target, resource.address), resource);
      }
    });
  }

  plan(resource: CompiledResource): Promise<Prepared> {
    const before = this.#planned.get(resource.handle);
    if (before) return before;
    const planned = this.#plan(resource);
    this.#planned.set(resource.handle, planned);
    return planned;
  }

  async #plan(resource: CompiledResource): Promise<Prepared> {
    await Promise.all(this.#before(resource).map((other) => this.plan(other)));
    const reach = this.#reachOf.get(resource.handle);
    if (!reach) throw new Error(`${resource.title} belongs to no step of this plan`);
    const prepared = await prepare(resource, this.#readings.get(resource.handle) ?? null, {
      reach,
      lookup: (of) => this.#outs.get(of),
      comesLater: (other) => this.#pendingKeys.has(keyOf(other.target, other.address)),
    });
    if (prepared.out) this.#outs.set(resource.handle, prepared.out);
    else if (resource.handle.mode === 'managed') this.#pendingKeys.add(keyOf(resource.target, resource.address));
    return prepared;
  }

  #before(resource: CompiledResource): readonly CompiledResource[] {
    const waits = resource.waitsFor.map((handle) => this.#byHandle.get(handle)).filter((other) => other !== undefined);
    const maker = this.#makerOf(resource);
    return maker ? [maker, ...waits] : waits;
  }

  // What `existing` reads may be made by this step or an earlier one; a later maker can't help it.
  #makerOf(resource: CompiledResource): CompiledResource | undefined {
    if (resource.handle.mode !== 'existing') return undefined;
    const maker = this.#managed.get(keyOf(resource.target, resource.address));
    const order = (handle: AnyHandle): number => this.#order.get(handle) ?? 0;
    return maker && order(maker.handle) <= order(resource.handle) ? maker : undefined;
  }
}

function planOf(project: Project, steps: readonly PreparedStep[], readMs: number): Plan {
  return {
    version: 1,
    command: 'up',
    playbook: project.playbook,
    inventory: project.inventory,
    targets: [...new Set(steps.flatMap(({ compiled }) => compiled.resources.map(({ target }) => target.name)))],
    steps: steps.map(({ compiled: { instance }, resources }) => ({
      id: instance.id,
      summary: instance.step.summary,
      target: `${instance.target.kind}:${instance.target.name}`,
      changes: resources.map(({ change }) => change),
    })),
    readMs,
  };
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no item ${index} in a list of ${list.length}`);
  return item;
}
