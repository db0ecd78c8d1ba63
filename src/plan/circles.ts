import { type Diagnostic, problem } from '../model/diagnostic.ts';
import type { StepInstance } from '../model/project.ts';
import type { CompiledResource } from './compile.ts';
import { Makers } from './makers.ts';

type Follow = (resource: CompiledResource) => readonly CompiledResource[];

/**
 * Resources of one step that would wait for each other for ever: `existing` is read after what makes it in the same step, so
 * that can't be made from what was read. Pure. Between steps there is no such thing: nobody waits for a later one.
 */
export function findCircles(instance: StepInstance, resources: readonly CompiledResource[]): readonly Diagnostic[] {
  // All others wait for what was declared before them.
  const suspects = resources.filter(({ handle }) => handle.mode === 'existing' || handle.type.looks);
  if (suspects.length === 0) return [];
  const waitedFor = waiting(resources);
  const done = new Set<CompiledResource>();
  const problems: Diagnostic[] = [];
  for (const suspect of suspects) follow(suspect, []);
  return problems;

  function follow(resource: CompiledResource, path: readonly CompiledResource[]): void {
    const from = path.indexOf(resource);
    if (from >= 0) problems.push(circle(instance, path.slice(from)));
    if (from >= 0 || done.has(resource)) return;
    for (const next of waitedFor(resource)) follow(next, [...path, resource]);
    done.add(resource);
  }
}

function waiting(resources: readonly CompiledResource[]): Follow {
  const byHandle = new Map(resources.map((one) => [one.handle, one]));
  const makers = new Makers(resources);
  return (resource) => {
    const told = resource.waitsFor.map((other) => byHandle.get(other));
    // What a bundle finds on its host is what those before it leave there.
    const before = resource.handle.type.looks ? resources.slice(0, resources.indexOf(resource)) : [];
    return [...told, ...makers.of(resource), ...before].filter((one) => one !== undefined);
  };
}

function circle({ id, source }: StepInstance, path: readonly CompiledResource[]): Diagnostic {
  const [first = '', ...others] = new Set(path.map(({ title }) => title));
  const summary =
    others.length === 0
      ? `${id} makes ${first} from what it reads there itself`
      : `${id}: these wait for each other: ${[first, ...others].join(', ')}`;
  return problem('waits-for-itself', summary, {
    source,
    help: '.existing(…) reads what is there after this step made it: read something else, or keep a value with generated(…) or initially(…)',
  });
}
