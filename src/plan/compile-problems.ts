import { type Diagnostic, problem } from '../model/diagnostic.ts';
import { type EndpointType, isEndpointType, serviceOf } from '../model/endpoint.ts';
import type { PortName } from '../model/ports.ts';
import type { StepInstance } from '../model/project.ts';
import type { AnyHandle } from '../model/resource.ts';
import { guardSeconds } from '../model/revert.ts';

/** `resources` gave something else than a record of resources. */
export function noRecord({ id, source }: StepInstance, found: unknown): Diagnostic {
  if (isPromise(found)) {
    return problem('async-resources', `${id}: resources() returns a promise`, {
      source,
      help: 'make it synchronous: it declares what must be true, and .existing(…) reads what is there',
    });
  }
  return problem('no-record', `${id}: resources() returns no record of resources`, {
    source,
    help: 'return { name: resource, … }, or {} for none',
  });
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

export function noResource({ id, source }: StepInstance, name: string): Diagnostic {
  return problem('no-resource', `${id}: "${name}" is no resource`, {
    source,
    help: 'return what file(…), object(…) and the like give, not one of their outputs',
  });
}

export function notReturned({ id, source }: StepInstance, used: AnyHandle): Diagnostic {
  return problem('not-returned', `${id} uses ${titleOf(used)} but does not return it`, {
    source,
    help: 'return it from resources(), or read it with .existing(…)',
  });
}

export function silentUndo({ id, source }: StepInstance, name: string, handle: AnyHandle): Diagnostic {
  return problem('silent-undo', `${id}: "${name}" (${titleOf(handle)}) does not say how it is taken back`, {
    source,
    help: "give it an undo, or say .keep('why') on it",
  });
}

/** A step is guarded that no host can take back by itself. */
export function guardProblems({ id, source, step, target }: StepInstance): readonly Diagnostic[] {
  if (step.guard === undefined) return [];
  if (target.kind !== 'host') {
    const help = "say on: 'hosts', or leave guard out";
    return [problem('not-guarded', `${id} is guarded, and does not run on hosts`, { source, help })];
  }
  if (guardSeconds(step.guard.within) !== undefined) return [];
  const said = JSON.stringify(step.guard.within);
  return [problem('not-guarded', `${id} is guarded within ${said}`, { source, help: 'from 5s to 60m: 60s, 5m' })];
}

/** A thing in a guarded step that a host can't take back by itself. */
export function notGuarded({ id, source }: StepInstance, name: string, handle: AnyHandle): Diagnostic {
  return problem(
    'not-guarded',
    `${id} is guarded, and a host can't take "${name}" (${titleOf(handle)}) back by itself`,
    {
      source,
      help: 'declare it in a step of its own; files and their parts, links, directories, services, and commands with an undo can be guarded',
    },
  );
}

export function noInitially({ id, source }: StepInstance, name: string, handle: AnyHandle): Diagnostic {
  return problem('no-initially', `${id}: "${name}" (${titleOf(handle)}) takes no initially(…)`, {
    source,
    help: 'only fields of Kubernetes objects can be left to others once they are made',
  });
}

export function noTarget({ id, source }: StepInstance, name: string, handle: AnyHandle): Diagnostic {
  const { on } = handle.type;
  const needs = isEndpointType(on)
    ? `a ${serviceOf(on).title}: name one in endpoints.yaml of the inventory, and for the component in the playbook`
    : needed[on];
  return problem('no-target', `${id}: "${name}" (${titleOf(handle)}) needs ${needs}`, { source });
}

const cluster = 'a cluster: name one for the component in the playbook';
const needed: Readonly<Record<Exclude<PortName, EndpointType>, string>> = {
  host: "a host: say on: 'hosts'",
  kubernetes: cluster,
  world: cluster,
};

/** Where an address was declared. */
export interface Declaration {
  readonly instance: StepInstance;
  /** Its name in the record of the step. */
  readonly name: string;
}

/** Two resources that would write the same thing. */
export function declaredTwice(title: string, first: Declaration, second: Declaration): Diagnostic {
  const { id, source } = second.instance;
  if (first.instance === second.instance) {
    return problem('declared-twice', `"${first.name}" and "${second.name}" of ${id} both declare ${title}`, {
      source,
      help: 'keep one of them, or give it a path or a name of its own',
    });
  }
  if (first.instance.id === id) {
    return problem('declared-twice', `${title} is declared by ${id} once for each host`, {
      source,
      help: "declare it in a step that runs once: on: 'cluster'",
    });
  }
  return problem('declared-twice', `${title} is declared by ${first.instance.id} and by ${id}`, {
    source,
    help: 'declare it in one of them; the other reads it with .existing(…)',
  });
}

function titleOf({ type, id }: AnyHandle): string {
  return type.title(id);
}
