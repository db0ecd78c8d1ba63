import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader } from '../../../model/host.ts';
import { type FieldChange, handleOf, isResource, type Resource } from '../../../model/resource.ts';
import { plainPath } from '../path-image.ts';
import type { Renewal, Since } from './manager.ts';

/** What a service takes its settings from: resources of its step that are at a path, and other absolute paths. */
export type Watched = readonly (string | Resource<unknown>)[];

/** Paths of what makes a service take its settings anew, and how. */
export type WatchedPaths = Readonly<Partial<Record<Renewal, readonly string[]>>>;

/** The paths of what is watched. @throws CairnError for what is at none */
export function pathsOf(watched: Watched): readonly string[] {
  return watched.map((one) => plainPath(isResource(one) ? pathOf(one) : one));
}

function pathOf(resource: Resource<unknown>): string {
  const { type, id } = handleOf(resource);
  const path = (id as { readonly path?: unknown }).path;
  if (typeof path === 'string') return path;
  throw new CairnError(
    problem('not-watched', `${type.title(id)} is at no path, so that nothing says when it changed`, {
      help: 'watch a file, a directory or a value in one; a package restarts its own services',
    }),
  );
}

/** True when something at this path, or beneath it, is watched. */
export function isWatched(paths: WatchedPaths, path: unknown): boolean {
  const all = [...(paths.restart ?? []), ...(paths.reload ?? [])];
  return typeof path === 'string' && all.some((one) => path === one || path.startsWith(`${one}/`));
}

/** The watched paths that changed since the service took its settings. */
export async function changedSince(paths: WatchedPaths, since: Since, from: HostReader): Promise<WatchedPaths> {
  const [restart, reload] = await Promise.all(
    (['restart', 'reload'] as const).map(async (how) => {
      const times = await Promise.all((paths[how] ?? []).map((path) => from.ask({ ask: 'changed', path })));
      return (paths[how] ?? []).filter((_, index) => (times[index] ?? 0) > since[how]);
    }),
  );
  return { restart: restart ?? [], reload: reload ?? [] };
}

/** How a service must take its settings anew; undefined where it has them. */
export function renewalFor({ restart = [], reload = [] }: WatchedPaths): Renewal | undefined {
  if (restart.length > 0) return 'restart';
  return reload.length > 0 ? 'reload' : undefined;
}

/** The same for people. */
export function renewalChanges(stale: WatchedPaths): readonly FieldChange[] {
  const how = renewalFor(stale);
  if (how === undefined) return [];
  return [{ path: how, how: 'restart', secret: false, note: `${(stale[how] ?? []).join(', ')} changed since` }];
}
