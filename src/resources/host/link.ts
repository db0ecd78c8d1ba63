import { Later, type Planned } from '../../model/deferred.ts';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { type FieldChange, resourceType } from '../../model/resource.ts';
import { readingOf } from '../reading.ts';
import { absenceOf, comparePaths, differenceAt, field, nameKind } from './path-compare.ts';
import { lookAt, type PathImage, pathCodec, plainPath } from './path-image.ts';
import { changePath, inTheWay, keepFirst, restorePath } from './path-write.ts';

export interface LinkId {
  /** Absolute: where the link is. */
  readonly path: string;
}

export interface LinkWant {
  /** What it points to, as written; it need not exist. Required unless `absent`. */
  readonly target?: string;
  /** No link may be at the path. */
  readonly absent?: boolean;
}

/** A symbolic link. It takes the place of a file or another link, which undo gives back. */
export const link = resourceType<'host', LinkId, LinkWant, PathImage, LinkId & { readonly target: string }>({
  name: 'link',
  version: 1,
  on: 'host',
  identity: ['path'],
  codec: pathCodec,
  address: ({ path }) => `link${plainPath(path)}`,
  title: ({ path }) => `link ${path}`,
  place: ({ path }) => path,
  read: async ({ path }, from) => await readingOf(async () => await lookAt(path, from)),
  diff: (live, want) => {
    if (want === null) return { changes: comparePaths(live, null), foreign: [] };
    if (!(want instanceof Later) && want.absent === true) return absenceOf(live, 'link');
    return differenceAt(live, changesOf(live, want), ['file', 'link']);
  },
  write: async ({ id: { path }, want, live }, to) => {
    if (want?.absent && live && live.kind !== 'link') throw inTheWay(path, live, 'free path');
    if (want === null || want.absent) return await restorePath({ path, before: null, live }, to);
    if (live?.kind === 'directory' || live?.kind === 'other') throw inTheWay(path, live, 'link');
    const operations = [...keepFirst(path, live), { do: 'make-link', path, target: targetOf(path, want) }] as const;
    return await changePath({ path, live, operations }, to);
  },
  restore: async ({ id: { path }, before, live }, to) => await restorePath({ path, before, live }, to),
  compare: comparePaths,
  saves: async ({ id: { path } }) => ({ paths: [path] }),
  out: (live, { path }) => ({ path, target: live.target ?? '' }),
  loss: async () => ({ is: 'none' }),
});

function changesOf(live: PathImage | null, want: Planned<LinkWant>): readonly FieldChange[] {
  if (live && live.kind !== 'link') return [field('kind', nameKind(live), 'link')];
  if (want instanceof Later || want.target instanceof Later) return [{ path: 'target', how: 'later', secret: false }];
  if (want.target === undefined) throw missingTarget('a link');
  return live?.target === want.target ? [] : [field('target', live?.target, want.target)];
}

function targetOf(path: string, { target }: LinkWant): string {
  if (target === undefined) throw missingTarget(path);
  return target;
}

function missingTarget(what: string): CairnError {
  return new CairnError(problem('no-target', `${what} has neither target nor absent: true`));
}
