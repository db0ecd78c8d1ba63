import type { Inputs } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader } from '../../../model/host.ts';
import { type AnyType, declare, type More, type Resource, type ResourceType } from '../../../model/resource.ts';
import { standIn } from '../../stand-in.ts';
import { plainPath } from '../path-image.ts';
import { type StrayId, stray } from './stray.ts';
import { declaredIn, Theirs } from './theirs.ts';

export interface PurgeId {
  /** Absolute: a directory, which stays itself. */
  readonly path: string;
}

export interface PurgeWant {
  /** What else stays, with all that is in it: paths from the directory on, in which `*` is any part of a name. */
  readonly keep?: readonly string[];
}

const type: ResourceType<'host', PurgeId, PurgeWant, object, object> = {
  name: 'purge',
  version: 1,
  on: 'host',
  identity: ['path'],
  ...standIn,
  title: ({ path }) => `purge of ${path}`,
  address: ({ path }) => `purge${plainPath(path)}`,
  looks: true,
  // What it removed once is no longer found.
  covers: ({ path }, other) => other.type === stray.type.name && (other.id as StrayId).at.startsWith(`${path}/`),
  expand: async ({ path }, { keep = [] }, { host, declared }) => {
    if (!host) throw new CairnError(problem('no-target', `${path} is on no host that answers`));
    const strays = await straysIn(path, new Theirs(declaredIn(path, declared)), keep.map(patternOf), host);
    return strays.map((one) => stray({ at: `${path}/${one.path}`, sort: one.kind }));
  },
};

/**
 * Removes what is in a directory and what no resource of the project declares: each file, link and directory is planned, removed and
 * given back by itself.
 */
export function purge({ path, ...want }: PurgeId & Inputs<PurgeWant>, more?: More): Resource<object> {
  return declare<object>(type as unknown as AnyType, 'bundle', { path }, want, more);
}

// What is in a directory before the directory itself. Sockets and devices can't be given back: they stay, and what they are in.
async function straysIn(folder: string, theirs: Theirs, keep: readonly RegExp[], host: HostReader) {
  const found = (await host.ask({ ask: 'tree', path: folder })) ?? [];
  const stays = new Set<string>();
  for (const { path, kind } of found.toReversed()) {
    const at = `${folder}/${path}`;
    const isKept = kind === 'other' || keep.some((pattern) => pattern.test(path));
    if (isKept || theirs.has(at) || theirs.isAbove(at) || stays.has(path)) {
      stays.add(path);
      stays.add(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    }
  }
  return found.toReversed().filter(({ path }) => !stays.has(path));
}

function patternOf(keep: string): RegExp {
  const parts = keep.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}(/|$)`);
}
