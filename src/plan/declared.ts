import type { Target } from '../model/project.ts';
import type { Declared } from '../model/tools.ts';
import { type CompiledResource, keyOf } from './compile.ts';
import { keyPattern } from './pattern.ts';

/** What resources take up on a target, as far as that is a path. A bundle that is open takes up what its parts do. */
export function declaredOn(target: Target, resources: Iterable<CompiledResource>): readonly Declared[] {
  const key = keyOf(target, '');
  const paths: Declared[] = [];
  for (const resource of resources) {
    const { mode, type } = resource.handle;
    const isMeant = type.on === 'host' && mode !== 'gate' && type.looks !== true && keyOf(resource.target, '') === key;
    if (isMeant) paths.push(...pathsOf(resource));
  }
  return paths;
}

function pathsOf({ handle: { type, id } }: CompiledResource): readonly Declared[] {
  const isWhole = type.isWhole === true;
  const { path } = id as { readonly path?: unknown };
  const touched = (type.touches?.(id) ?? []).flatMap(
    (one) => /^(?:file|directory|link)(\/[^*]+)$/.exec(one)?.[1] ?? [],
  );
  const own = [type.place?.(id), typeof path === 'string' ? path : undefined].filter((one) => one !== undefined);
  return [...own.map((one) => ({ path: one, isWhole })), ...touched.map((one) => ({ path: one, isWhole: false }))];
}

/** True when writing a resource may put things where a bundle looks that nobody declares. */
export function mayFill({ handle: { type, id }, target }: CompiledResource, bundle: CompiledResource): boolean {
  if (type.place) return false;
  const touches = type.touches?.(id) ?? [];
  const { path } = bundle.handle.id as { readonly path?: unknown };
  // Who doesn't say what they touch may touch anything.
  return touches.length === 0 || touches.some((one) => keyPattern(target, one).test(keyOf(target, `file${path}/any`)));
}
