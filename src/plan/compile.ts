import { sourcesOf } from '../model/deferred.ts';
import { type Diagnostic, throwAll } from '../model/diagnostic.ts';
import { isEndpointType } from '../model/endpoint.ts';
import { holdsInitially } from '../model/initially.ts';
import type { Project, StepInstance, Target } from '../model/project.ts';
import { type AnyHandle, handleOf, isResource, type More } from '../model/resource.ts';
import type { Resources } from '../model/step.ts';
import { thrownBy } from '../model/thrown.ts';
import type { Declared } from '../model/tools.ts';
import { findCircles } from './circles.ts';
import {
  type Declaration,
  declaredTwice,
  guardProblems,
  isPromise,
  noInitially,
  noRecord,
  noResource,
  noTarget,
  notGuarded,
  notReturned,
  silentUndo,
} from './compile-problems.ts';

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
  readonly more: More;
  /** Why undo leaves it, if the step says so. */
  readonly kept: string | undefined;
  /** Of a part of a bundle: the bundle's title. */
  readonly source?: string;
  /** Of a bundle that looks at its host: what the project declares there. */
  readonly declared?: readonly Declared[];
  /** Of a bundle that was expanded: what it became. */
  readonly parts?: readonly CompiledResource[];
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

/** What a project's steps declare, and everything that is wrong with it. */
export interface Compilation {
  readonly steps: readonly CompiledStep[];
  readonly problems: readonly Diagnostic[];
}

/** Turns the steps of a project into resources: pure, no I/O. What can't be compiled is left out, with a problem that says why. */
export function compile({ root, instances }: Pick<Project, 'root' | 'instances'>): Compilation {
  const problems: Diagnostic[] = [];
  const steps: CompiledStep[] = [];
  for (const instance of instances) {
    try {
      const record = instance.step.resources({ vars: instance.vars, target: { name: instance.target.name } });
      steps.push({ instance, resources: compileRecord(instance, record, problems) });
    } catch (error) {
      problems.push(...thrownBy({ ...instance, root }, error, 'throws in resources()'));
    }
  }
  return { steps, problems: [...problems, ...findTwice(steps)] };
}

/**
 * Compiles resources that a check declares for itself.
 * @throws CairnError when one is used but not returned, or has no target
 */
export function compileResources(instance: StepInstance, record: Resources): readonly CompiledResource[] {
  const problems: Diagnostic[] = [];
  const resources = compileRecord(instance, record, problems);
  throwAll(problems);
  return resources;
}

// Step files are stripped of their types, not checked: what the types promise is looked at here.
function compileRecord(instance: StepInstance, record: unknown, problems: Diagnostic[]): readonly CompiledResource[] {
  if (isPromise(record)) record.then(undefined, () => {});
  if (typeof record !== 'object' || record === null || isPromise(record)) {
    problems.push(noRecord(instance, record));
    return [];
  }
  problems.push(...guardProblems(instance));
  const named = new Map<AnyHandle, string>();
  for (const [name, resource] of Object.entries(record)) {
    if (isResource(resource)) named.set(handleOf(resource), name);
    else problems.push(noResource(instance, name));
  }
  const resources = compileNamed(instance, named, problems);
  problems.push(...findCircles(instance, resources));
  return resources;
}

function compileNamed(
  instance: StepInstance,
  named: ReadonlyMap<AnyHandle, string>,
  problems: Diagnostic[],
): readonly CompiledResource[] {
  const all = new Map<AnyHandle, string>();
  for (const [handle, name] of named) {
    for (const source of waitsFor(handle)) {
      if (named.has(source)) continue;
      if (source.mode === 'managed') problems.push(notReturned(instance, source));
      else all.set(source, source.type.title(source.id));
    }
    all.set(handle, name);
  }
  return [...all].flatMap(([handle, name]) => {
    if (isSilent(handle, instance)) problems.push(silentUndo(instance, name, handle));
    if (isUnguarded(handle, instance)) problems.push(notGuarded(instance, name, handle));
    if (!handle.type.takesInitially && holdsInitially(handle.want)) problems.push(noInitially(instance, name, handle));
    const target = targetFor(handle, instance);
    if (target) return [compileResource(name, handle, target)];
    problems.push(noTarget(instance, name, handle));
    return [];
  });
}

function waitsFor(handle: AnyHandle): readonly AnyHandle[] {
  const after = (handle.more.after ?? []).map(handleOf);
  return [...new Set([...sourcesOf(handle.want), ...sourcesOf(handle.more.when), ...after])];
}

function targetFor(handle: AnyHandle, instance: StepInstance): Target | undefined {
  if (handle.type.on === 'kubernetes') return instance.cluster;
  if (isEndpointType(handle.type.on)) return instance.endpoints?.[handle.type.on];
  if (handle.type.on === 'host') return instance.target.kind === 'host' ? instance.target : undefined;
  return instance.target;
}

export function compileResource(name: string, handle: AnyHandle, target: Target): CompiledResource {
  return {
    name,
    handle,
    target,
    address: handle.type.address(handle.id),
    title: handle.type.title(handle.id),
    phase: handle.type.phase?.(handle.id) ?? 0,
    waitsFor: waitsFor(handle),
    more: handle.more,
    kept: handle.kept,
  };
}

function isSilent({ mode, type, id, kept }: AnyHandle, { step }: StepInstance): boolean {
  const taken = mode === 'managed' && kept === undefined && step.undo?.is !== 'keep' && step.phase === 'up';
  return taken && type.silent?.(id) === true;
}

// What only looks needs no way back.
function isUnguarded({ mode, type, id, kept }: AnyHandle, { step }: StepInstance): boolean {
  if (step.guard === undefined || (mode !== 'managed' && mode !== 'bundle')) return false;
  return type.saves === undefined || type.noWayBack?.(id) === true || kept !== undefined;
}

function findTwice(steps: readonly CompiledStep[]): readonly Diagnostic[] {
  const seen = new Map<string, Declaration & { readonly title: string }>();
  const problems: Diagnostic[] = [];
  for (const { instance, resources } of steps) {
    for (const { handle, target, address, title, name } of resources) {
      if (handle.mode !== 'managed') continue;
      const place = handle.type.place?.(handle.id) ?? address;
      const first = seen.get(keyOf(target, place));
      if (first) problems.push(declaredTwice(first.title === title ? title : place, first, { instance, name }));
      else seen.set(keyOf(target, place), { instance, name, title });
    }
  }
  return problems;
}
