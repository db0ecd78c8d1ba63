import type { Connections, TargetState } from '../model/connections.ts';
import { type Diagnostic, problem, throwAll } from '../model/diagnostic.ts';
import { endpointTypes, serviceOf } from '../model/endpoint.ts';
import type { Plan } from '../model/plan.ts';
import type { Project, Target } from '../model/project.ts';
import { type Reach, stateFor } from './access.ts';
import type { CompiledStep } from './compile.ts';
import { decide } from './decide.ts';
import { Planner, type Readings } from './planner.ts';
import { type Prepared, readResource } from './prepare.ts';
import type { PreparedUndoStep } from './undo/undo.ts';

/** A step with its resources planned. */
export interface PreparedStep {
  readonly compiled: CompiledStep;
  readonly reach: Reach;
  readonly resources: readonly Prepared[];
}

export interface BuiltPlan {
  readonly plan: Plan;
  readonly steps: readonly PreparedStep[];
  /** What no step declares any more, by steps in the order in which it goes; after everything else. */
  readonly dropped: readonly PreparedUndoStep[];
}

/**
 * Reads the live world, all at once, and says what a run would do. Writes nothing.
 * @param now milliseconds, monotonic
 * @param besides what else the project declares: steps that weren't chosen, other playbooks
 */
export async function buildPlan(
  project: Project,
  compiled: readonly CompiledStep[],
  connections: Connections,
  now: () => number,
  besides?: readonly CompiledStep[],
): Promise<BuiltPlan> {
  const started = now();
  const ids = new Set(compiled.map(({ instance }) => instance.id));
  const opened = await Promise.all(compiled.map((step) => reachOf(step, connections)));
  demandAnswers(compiled, opened);
  const reaches = opened.map((reach) => withProvider(reach, ids));
  const readings = await readAll(compiled, reaches);
  const readMs = now() - started;
  const planner = new Planner(compiled, reaches, { tools: connections.tools, readings, besides });
  const prepared = await Promise.all(
    compiled.map(async (step) => (await Promise.all(step.resources.map((one) => planner.plan(one)))).flat()),
  );
  const steps = decide(
    compiled.map((step, i) => ({ compiled: step, reach: at(reaches, i), resources: at(prepared, i) })),
  );
  return { plan: planOf(project, steps, readMs), steps, dropped: [] };
}

// Without a cluster or a service that a step uses there is no plan; hosts that don't answer are named with them, and alone are no reason to stop.
function demandAnswers(compiled: readonly CompiledStep[], reaches: readonly Reach[]): void {
  const silent = (states: readonly (TargetState | undefined)[]): readonly Diagnostic[] =>
    states.flatMap((state) => (state?.is === 'unreachable' ? [state.why] : []));
  const used = compiled.flatMap(({ resources }, i) =>
    resources
      .map(({ handle }) => handle.type.on)
      .filter((on) => on !== 'host' && on !== 'world')
      .map((on) => stateFor(on, at(reaches, i))),
  );
  const needed = silent(used);
  if (needed.length > 0) throwAll(new Set([...needed, ...silent(reaches.map(({ host }) => host))]));
}

/** The targets a step can reach, opened. */
export async function reachOf({ instance }: CompiledStep, connections: Connections): Promise<Reach> {
  const open = (target: Target | undefined): Promise<TargetState> | undefined => target && connections.open(target);
  const named = Object.entries(instance.endpoints ?? {});
  const [host, cluster, ...services] = await Promise.all([
    open(instance.target.kind === 'host' ? instance.target : undefined),
    open(instance.cluster),
    ...named.map(async ([type, target]) => [type, await connections.open(target)] as const),
  ]);
  const endpoints = services.length === 0 ? {} : { endpoints: Object.fromEntries(services) };
  return { host, cluster, ...endpoints, http: connections.http, git: connections.git };
}

// What is absent comes during the run only if the step that provides it is part of it.
function withProvider(reach: Reach, ids: ReadonlySet<string>): Reach {
  const { cluster, endpoints } = reach;
  const sure = (what: string, state: TargetState | undefined): TargetState | undefined => {
    if (state?.is !== 'absent' || ids.has(state.providedBy)) return state;
    const help = `step ${state.providedBy} makes it: run its playbook first`;
    return { is: 'unreachable', why: problem(`${what.toLowerCase()}-absent`, `the ${what} is not there`, { help }) };
  };
  const named = endpointTypes.flatMap((type) => {
    const state = sure(serviceOf(type).title, endpoints?.[type]);
    return state ? [[type, state] as const] : [];
  });
  const found = named.length === 0 ? {} : { endpoints: Object.fromEntries(named) };
  return { ...reach, cluster: sure('cluster', cluster), ...found };
}

async function readAll(compiled: readonly CompiledStep[], reaches: readonly Reach[]): Promise<Readings> {
  const pairs = compiled.flatMap((step, i) =>
    step.resources
      .filter(({ handle }) => handle.mode !== 'bundle')
      .map(async (resource) => [resource.handle, await readResource(resource, at(reaches, i))] as const),
  );
  return new Map(await Promise.all(pairs));
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
      changes: resources.filter(({ resource }) => resource.parts === undefined).map(({ change }) => change),
    })),
    readMs,
  };
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no item ${index} in a list of ${list.length}`);
  return item;
}
