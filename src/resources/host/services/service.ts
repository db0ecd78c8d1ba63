import type { Inputs } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import { isResource, type More, type Resource } from '../../../model/resource.ts';
import type { Absent } from '../state.ts';
import { stateType } from '../state.ts';
import { managerOf, type ServiceState } from './manager.ts';
import {
  changedSince,
  isWatched,
  pathsOf,
  renewalChanges,
  renewalFor,
  type Watched,
  type WatchedPaths,
} from './watched.ts';

export interface ServiceId {
  /** As its manager calls it: `nginx`, `backup.timer`. */
  readonly name: string;
  /** What it takes its settings from. */
  readonly settings?: WatchedPaths;
}

/** What is left out stays as it is. `absent`: stopped and disabled. */
export interface ServiceWant extends Absent {
  readonly state?: 'running' | 'stopped';
  /** Whether it starts with the system; masked (systemd): nothing can start it. */
  readonly boot?: 'enabled' | 'disabled' | 'masked';
}

/** Where a service takes its settings from, as a step says it. */
export interface Watching {
  /** While it runs, a change of these restarts it. */
  readonly restartWhen?: Watched;
  /** The same, and a reload is enough. */
  readonly reloadWhen?: Watched;
}

export interface ServiceLive extends ServiceState {
  /** Of a service that runs: the settings that changed since it took them. */
  readonly stale?: WatchedPaths;
}

/** What there is to say of a service once the paths of its settings are known. */
export const plainService = stateType<ServiceId, ServiceWant, ServiceLive>({
  name: 'service',
  identity: ['name', 'settings'],
  address: ({ name }) => `service/${plainName(name)}`,
  title: ({ name }) => `service ${name}`,
  // A package may start what it brings.
  probes: () => true,
  fields: ['state', 'boot'],
  // What is stopped and disabled is as good as not there: a service that doesn't exist yet comes with a file or a package.
  look: async ({ name, settings }, from) => {
    const manager = await managerOf(from);
    const live = await manager.look(name, from);
    if (live?.state === 'stopped' && live.boot === 'disabled') return null;
    if (live?.state !== 'running' || settings === undefined) return live;
    return { ...live, stale: await changedSince(settings, await manager.since(name, from), from) };
  },
  wish: ({ state, boot }) => ({ ...(state ? { state } : {}), ...(boot ? { boot } : {}) }),
  steps: async ({ id: { name }, from, to }, host) => {
    const manager = await managerOf(host);
    const off: ServiceState = { state: 'stopped', boot: from?.boot === 'static' ? 'static' : 'disabled' };
    const goal = to ?? off;
    const renewal = goal.state === 'stopped' ? undefined : renewalFor(from?.stale ?? {});
    const commands = [
      ...manager.change(name, from ?? off, goal),
      ...(renewal === undefined ? [] : manager.renew(name, renewal)),
    ];
    return { operations: commands.map((argv) => ({ do: 'run', argv })) };
  },
  saves: async ({ id: { name, settings }, want, live }, from) => {
    const manager = await managerOf(from);
    const was: ServiceState = live ?? { state: 'stopped', boot: 'disabled' };
    const renewal = was.state === 'running' && settings ? renewalFor(settings) : undefined;
    return {
      commands: manager.change(name, { ...was, ...want }, was).map((argv) => ({ argv })),
      afterwards: renewal === undefined ? [] : manager.renew(name, renewal).map((argv) => ({ argv })),
    };
  },
  restarts: {
    follows: ({ settings = {} }, { state }, other) =>
      state === 'running' && isWatched(settings, (other as { readonly path?: unknown }).path),
    due: ({ state, stale = {} }) => (state === 'running' ? renewalChanges(stale) : []),
  },
});

/**
 * A service of systemd or OpenRC: whether it runs, whether it starts with the system, and that it has taken its settings
 * since they changed. Undo gives all of it back.
 */
export const service = Object.assign(declareService, { type: plainService.type, existing: plainService.existing });

function declareService(
  { restartWhen = [], reloadWhen = [], ...spec }: Pick<ServiceId, 'name'> & Inputs<ServiceWant> & Watching,
  more: More = {},
): Resource<ServiceState> {
  const watched = [...restartWhen, ...reloadWhen];
  if (watched.length === 0) return plainService(spec, more);
  const settings = { restart: pathsOf(restartWhen), reload: pathsOf(reloadWhen) };
  const after: readonly Resource<unknown>[] = [...(more.after ?? []), ...watched.filter(isResource)];
  return plainService({ ...spec, settings }, { ...more, after });
}

function plainName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9:_.@\\-]*$/.test(name)) return name;
  throw new CairnError(problem('bad-service-name', `${JSON.stringify(name)} can't be the name of a service`));
}
