import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { FileKind } from '../../../model/host.ts';
import { resourceType } from '../../../model/resource.ts';
import { readingOf } from '../../reading.ts';
import { comparePaths } from '../path-compare.ts';
import { lookAt, type PathImage, pathCodec, plainPath } from '../path-image.ts';
import { changePath, keepFirst, restorePath } from '../path-write.ts';

export interface StrayId {
  readonly at: string;
  /** What was found there: for people. */
  readonly sort: FileKind;
}

/** Something that nobody declares, and that a purge removes. */
export const stray = resourceType<'host', StrayId, object, PathImage, object>({
  name: 'stray',
  version: 1,
  on: 'host',
  identity: ['at', 'sort'],
  codec: pathCodec,
  address: ({ at }) => `stray${plainPath(at)}`,
  title: ({ at, sort }) => `undeclared ${sort} ${at}`,
  read: async ({ at }, from) => await readingOf(async () => await lookAt(at, from)),
  diff: (live) => ({ changes: comparePaths(live, null), foreign: [], removes: true }),
  write: async ({ id: { at: path }, live }, to) => {
    if (live?.kind === 'other')
      throw new CairnError(problem('not-kept', `${path} is a device, socket or pipe, which can't be given back`));
    return await changePath({ path, live, operations: [...keepFirst(path, live), { do: 'remove', path }] }, to);
  },
  restore: async ({ id: { at: path }, before, live }, to) => await restorePath({ path, before, live }, to),
  compare: comparePaths,
  saves: async ({ id: { at } }) => ({ paths: [at] }),
  out: () => ({}),
  loss: async () => ({ is: 'none' }),
});
