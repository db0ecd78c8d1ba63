import { CairnError, throwAll } from '../model/diagnostic.ts';
import { bundleLine, openBundle } from '../plan/bundle.ts';
import { type Prepared, prepare, readResource } from '../plan/prepare.ts';
import { viewOf, type WriteScope } from './write.ts';

/**
 * What a bundle leaves to do during a run: once its parts are done, nothing but their outputs to note; while it could not
 * be opened for the plan, its parts, and the bundle itself after them.
 */
export async function openNow(scope: WriteScope, bundle: Prepared): Promise<readonly Prepared[]> {
  const { resource } = bundle;
  if (resource.parts) {
    const { out } = bundleLine(resource, resource.parts, viewOf(scope));
    if (out) scope.state.outs.set(resource.handle, out);
    return [];
  }
  const opened = await openBundle(resource, viewOf(scope), scope.context.connections.tools);
  if (opened.is === 'closed') return noteSkipped(scope, opened.prepared);
  const parts = await Promise.all(
    opened.parts.map(async (part) => prepare(part, await readResource(part, scope.reach), viewOf(scope))),
  );
  throwAll(parts.flatMap(({ change }) => change.problem ?? []));
  return [...parts, bundleLine(resource, opened.parts, viewOf(scope))];
}

function noteSkipped({ context, ref }: WriteScope, { change }: Prepared): readonly Prepared[] {
  if (change.problem) throw new CairnError(change.problem);
  const { title, address, why } = change;
  const because = why === undefined ? {} : { why };
  context.emit({
    type: 'resource-finished',
    ...ref,
    title,
    address,
    outcome: 'skipped',
    fields: [],
    ...because,
    ms: 0,
  });
  return [];
}
