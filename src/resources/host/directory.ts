import { type Inputs, Later, type Planned } from '../../model/deferred.ts';
import type { Operation } from '../../model/host.ts';
import { declare, type FieldChange, type Resource, resourceType } from '../../model/resource.ts';
import { readingOf } from '../reading.ts';
import { type Attributes, knownAttributes } from './attributes.ts';
import { absenceOf, compareAttributes, comparePaths, differenceAt, field, nameKind } from './path-compare.ts';
import { lookAt, type PathImage, pathCodec, plainPath } from './path-image.ts';
import { changePath, inTheWay, restorePath } from './path-write.ts';

export interface DirectoryId {
  /** Absolute. */
  readonly path: string;
}

export interface DirectoryWant extends Attributes {
  /** No directory may be at the path. Only an empty one is removed. */
  readonly absent?: boolean;
}

const born = { mode: '0755', owner: 'root', group: 'root' } as const;

/**
 * One directory; what is in it is nobody's business here. The one above it must be there: `directories` declares
 * several at once, so that undo knows which of them were there before.
 */
export const directory = resourceType<'host', DirectoryId, DirectoryWant, PathImage, DirectoryId>({
  name: 'directory',
  version: 1,
  on: 'host',
  identity: ['path'],
  codec: pathCodec,
  address: ({ path }) => `directory${plainPath(path)}`,
  title: ({ path }) => `directory ${path}`,
  place: ({ path }) => path,
  read: async ({ path }, from) => await readingOf(async () => await lookAt(path, from)),
  diff: (live, want) => {
    if (want === null) return { changes: comparePaths(live, null), foreign: [] };
    if (!(want instanceof Later) && want.absent === true) return absenceOf(live, 'directory');
    return differenceAt(live, changesOf(live, want), ['directory']);
  },
  write: async ({ id: { path }, want, live }, to) => {
    if (want?.absent && live && live.kind !== 'directory') throw inTheWay(path, live, 'free path');
    if (want === null || want.absent) return await restorePath({ path, before: null, live }, to);
    return await changePath({ path, live, operations: [operationFor(path, want, live)] }, to);
  },
  restore: async ({ id: { path }, before, live }, to) => await restorePath({ path, before, live }, to),
  compare: comparePaths,
  saves: async ({ id: { path } }) => ({ paths: [path] }),
  out: (_, { path }) => ({ path }),
  // Only an empty directory is ever removed.
  loss: async () => ({ is: 'none' }),
});

function changesOf(live: PathImage | null, want: Planned<DirectoryWant>): readonly FieldChange[] {
  if (want instanceof Later) return [{ path: 'mode', how: 'later', secret: false }];
  const known = knownAttributes(want);
  if (live && live.kind !== 'directory') return [field('kind', nameKind(live), 'directory')];
  if (live) return compareAttributes(live, known);
  const { mode, owner, group } = { ...born, ...known };
  return [field('mode', undefined, mode), field('owner', undefined, owner), field('group', undefined, group)];
}

function operationFor(path: string, want: Attributes, live: PathImage | null): Operation {
  const known = knownAttributes(want);
  if (!live) return { do: 'make-directory', path, ...born, ...known };
  if (live.kind !== 'directory') throw inTheWay(path, live, 'directory');
  return { do: 'set-attributes', path, ...known };
}

/**
 * A directory with the missing ones above it, as one resource each, by their paths: `directories('/var/lib', 'cairn/kind')`
 * gives `/var/lib/cairn` and `/var/lib/cairn/kind`. The attributes go to the last one.
 */
export function directories(
  above: string,
  below: string,
  want: Inputs<Attributes> = {},
): Readonly<Record<string, Resource<DirectoryId>>> {
  const names = below.split('/');
  const paths = names.map((_, index) => `${above}/${names.slice(0, index + 1).join('/')}`);
  return Object.fromEntries(
    paths.map((path) => [
      path,
      declare<DirectoryId>(directory.type, 'managed', { path }, path === paths.at(-1) ? want : {}),
    ]),
  );
}
