import { sourcesOf } from '../model/deferred.ts';
import { CairnError, type Diagnostic, problem, type Source } from '../model/diagnostic.ts';
import type { Project, StepInstance, Target } from '../model/project.ts';
import { type AnyHandle, handleOf } from '../model/resource.ts';
import type { Resources } from '../model/step.ts';

/** A declared resource, with its name in the step, its target and what it waits for. */
export interface CompiledResource {
  readonly name: string;
  readonly handle: AnyHandle;
  readonly address: string;
  readonly title: string;
  readonly target: Target;
  readonly phase: number;
  /** Resources whose outputs it uses, and those it was told to come after. */
  readonly waitsFor: readonly AnyHandle[];
}

export interface CompiledStep {
  readonly instance: StepInstance;
  /** Record order; what a value only refers to (`existing` in an expression) comes first. */
  readonly resources: readonly CompiledResource[];
}

/** One key for a resource in a run: its target's name and its address. */
export function keyOf(target: Target, address: string): string {
  return `${target.kind}:${target.name} ${address}`;
}

/**
 * Turns the steps of a project into resources: pure, no I/O.
 * @throws CairnError with every problem found: a step that throws, a resource used but not returned, an address declared twice.
 */
export function compile(project: Project): readonly CompiledStep[] {
  const problems: Diagnostic[] = [];
  const compiled: CompiledStep[] = [];
  for (const instance of project.instances) {
    try {
      compiled.push(compileStep(instance, problems));
    } catch (error) {
      problems.push(problem('step-throws', `${instance.id} throws in resources(): ${String(error)}`, at(instance)));
    }
  }
  problems.push(...findTwice(compiled));
  const [first, ...more] = problems;
  if (first) throw new CairnError(first, ...more);
  return compiled;
}

// A resource has no place of its own in the text: its step's file is what to open.
function at({ file }: StepInstance): { readonly source: Source } {
  return { source: { file, line: 1, column: 1 } };
}

function compileStep(instance: StepInstance, problems: Diagnostic[]): CompiledStep {
  const record = instance.step.resources({ vars: instance.vars, target: { name: instance.target.name } });
  return { instance, resources: compileRecord(instance, record, problems) };
}

/**
 * Compiles resources that a check declares for itself.
 * @throws CairnError when one is used but not returned, or has no target
 */
export function compileResources(instance: StepInstance, record: Resources): readonly CompiledResource[] {
  const problems: Diagnostic[] = [];
  const resources = compileRecord(instance, record, problems);
  const [first, ...more] = problems;
  if (first) throw new CairnError(first, ...more);
  return resources;
}

function compileRecord(instance: StepInstance, record: Resources, problems: Diagnostic[]): readonly CompiledResource[] {
  const named = new Map<AnyHandle, string>(
    Object.entries(record).map(([name, resource]) => [handleOf(resource), name]),
  );
  const all = new Map<AnyHandle, string>();
  for (const [handle, name] of named) {
    for (const source of waitsFor(handle)) addSource(source, named, all, instance, problems);
    all.set(handle, name);
  }
  const resources: CompiledResource[] = [];
  for (const [handle, name] of all) {
    const target = targetFor(handle, instance);
    if (isSilent(handle, instance)) problems.push(silentProblem(instance, name, handle));
    if (target) resources.push(compileResource(name, handle, target));
    else problems.push(noTarget(instance, name, handle));
  }
  return resources;
}

function addSource(
  source: AnyHandle,
  named: ReadonlyMap<AnyHandle, string>,
  all: Map<AnyHandle, string>,
  instance: StepInstance,
  problems: Diagnostic[],
): void {
  if (named.has(source) || all.has(source)) return;
  const title = source.type.title(source.id);
  if (source.mode === 'managed') {
    problems.push(
      problem('not-returned', `${instance.id} uses ${title} but does not return it`, {
        ...at(instance),
        help: 'return it from resources(), or read it with .existing(…)',
      }),
    );
  } else all.set(source, title);
}

function waitsFor(handle: AnyHandle): readonly AnyHandle[] {
  const after = (handle.more.after ?? []).map(handleOf);
  return [...new Set([...sourcesOf(handle.want), ...sourcesOf(handle.more.when), ...after])];
}

function targetFor(handle: AnyHandle, instance: StepInstance): Target | undefined {
  if (handle.type.on === 'kubernetes') return instance.cluster;
  if (handle.type.on === 'host') return instance.target.kind === 'host' ? instance.target : undefined;
  return instance.target;
}

function compileResource(name: string, handle: AnyHandle, target: Target): CompiledResource {
  return {
    name,
    handle,
    target,
    address: handle.type.address(handle.id),
    title: handle.type.title(handle.id),
    phase: handle.type.phase?.(handle.id) ?? 0,
    waitsFor: waitsFor(handle),
  };
}

function isSilent({ mode, type, id, kept }: AnyHandle, { step }: StepInstance): boolean {
  const taken = mode === 'managed' && kept === undefined && step.undo.is !== 'keep' && step.phase === 'up';
  return taken && type.silent?.(id) === true;
}

function silentProblem(instance: StepInstance, name: string, { type, id }: AnyHandle): Diagnostic {
  return problem('silent-undo', `${instance.id}: "${name}" (${type.title(id)}) does not say how it is taken back`, {
    ...at(instance),
    help: "give it an undo, or say .keep('why') on it",
  });
}

function noTarget(instance: StepInstance, name: string, handle: AnyHandle): Diagnostic {
  const needs =
    handle.type.on === 'host' ? "a host: say on: 'hosts'" : 'a cluster: name one for the component in the playbook';
  return problem(
    'no-target',
    `${instance.id}: "${name}" (${handle.type.title(handle.id)}) needs ${needs}`,
    at(instance),
  );
}

function findTwice(steps: readonly CompiledStep[]): readonly Diagnostic[] {
  const seen = new Map<string, string>();
  const problems: Diagnostic[] = [];
  for (const { instance, resources } of steps) {
    for (const { handle, target, address, title } of resources) {
      if (handle.mode !== 'managed') continue;
      const key = keyOf(target, address);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, instance.id);
      else
        problems.push(
          problem('declared-twice', `${title} is declared by ${first} and by ${instance.id}`, at(instance)),
        );
    }
  }
  return problems;
}
