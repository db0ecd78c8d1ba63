import { Later, type Planned } from '../../model/deferred.ts';
import { type FieldChange, resourceType } from '../../model/resource.ts';
import { comparePaths, differenceAt, field, nameKind } from './path-compare.ts';
import { lookAt, type PathImage, pathCodec, plainPath, readingOf } from './path-image.ts';
import { changePath, inTheWay, keepFirst, restorePath } from './path-write.ts';

export interface LinkId {
  /** Absolute: where the link is. */
  readonly path: string;
}

export interface LinkWant {
  /** What it points to, as written; it need not exist. */
  readonly target: string;
}

/** A symbolic link. It takes the place of a file or another link, which undo gives back. */
export const link = resourceType<'host', LinkId, LinkWant, PathImage, LinkId & LinkWant>({
  name: 'link',
  version: 1,
  on: 'host',
  identity: ['path'],
  codec: pathCodec,
  address: ({ path }) => `link${plainPath(path)}`,
  title: ({ path }) => `link ${path}`,
  place: ({ path }) => path,
  read: async ({ path }, from) => await readingOf(async () => await lookAt(path, from)),
  diff: (live, want) =>
    want === null
      ? { changes: comparePaths(live, null), foreign: [] }
      : differenceAt(live, changesOf(live, want), ['file', 'link']),
  write: async ({ id: { path }, want, live }, to) => {
    if (want === null) return await restorePath({ path, before: null, live }, to);
    if (live?.kind === 'directory' || live?.kind === 'other') throw inTheWay(path, live, 'link');
    const operations = [...keepFirst(path, live), { do: 'make-link', path, target: want.target }] as const;
    return await changePath({ path, live, operations }, to);
  },
  restore: async ({ id: { path }, before, live }, to) => await restorePath({ path, before, live }, to),
  compare: comparePaths,
  out: (live, { path }) => ({ path, target: live.target ?? '' }),
  loss: async () => ({ is: 'none' }),
});

function changesOf(live: PathImage | null, want: Planned<LinkWant>): readonly FieldChange[] {
  if (live && live.kind !== 'link') return [field('kind', nameKind(live), 'link')];
  if (want instanceof Later || want.target instanceof Later) return [{ path: 'target', how: 'later', secret: false }];
  return live?.target === want.target ? [] : [field('target', live?.target, want.target)];
}
