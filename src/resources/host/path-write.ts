import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HostWriter, Operation, PathState } from '../../model/host.ts';
import type { Written } from '../../model/resource.ts';
import { readingOf } from '../reading.ts';
import { comparePaths, nameKind } from './path-compare.ts';
import { guardsFor, imageOf, lookAt, type PathImage } from './path-image.ts';

/** Carries operations out on one path if it still is as `live` says, and reads back what it became. */
export async function changePath(
  change: { path: string; live: PathImage | null; operations: readonly Operation[]; content?: Uint8Array | undefined },
  to: HostWriter,
): Promise<Written<PathImage>> {
  const { path, live, operations, content } = change;
  const done = await to.change({
    guards: guardsFor(path, live),
    operations,
    readBack: [
      { ask: 'stat', path },
      { ask: 'sha256', path },
    ],
    isWhole: true,
  });
  if (done.is === 'moved') return { is: 'moved', now: await readingOf(async () => await lookAt(path, to)) };
  const [state, sha256] = done.answers as [PathState | null, string | null];
  return { is: 'written', live: state && imageOf(state, sha256, content) };
}

/** Back to what was at the path before. Nothing is written when it is so already. */
export async function restorePath(
  change: { path: string; before: PathImage | null; live: PathImage | null },
  to: HostWriter,
): Promise<Written<PathImage>> {
  const { path, before, live } = change;
  if (comparePaths(before, live).length === 0) return { is: 'written', live };
  const operations = before ? giveBack(path, before, live) : ([{ do: 'remove', path }] as const);
  return await changePath({ path, live, operations, content: before?.content }, to);
}

function giveBack(path: string, before: PathImage, live: PathImage | null): readonly Operation[] {
  const { mode, owner, group } = before;
  switch (before.kind) {
    case 'file':
      return giveBackFile(path, before, live);
    case 'link': {
      const link: Operation = { do: 'make-link', path, target: before.target ?? '' };
      const same = live?.kind === 'link' && live.target === before.target;
      return [...clear(path, live), ...(same ? [] : [link]), { do: 'set-attributes', path, owner, group }];
    }
    case 'directory':
      if (live?.kind === 'directory') return [{ do: 'set-attributes', path, mode, owner, group }];
      return [...(live ? [{ do: 'remove', path } as const] : []), { do: 'make-directory', path, mode, owner, group }];
    case 'other':
      throw new CairnError(problem('not-kept', `${path} was a device, socket or pipe, which can't be made again`));
  }
}

function giveBackFile(path: string, before: PathImage, live: PathImage | null): readonly Operation[] {
  const { mode, owner, group, content } = before;
  if (live?.kind === 'file' && live.sha256 === before.sha256)
    return [{ do: 'set-attributes', path, mode, owner, group }];
  const copy = { path, sha256: before.sha256 ?? '', mode, owner, group };
  return [
    ...clear(path, live),
    content ? { do: 'put-file', path, content, mode, owner, group } : { do: 'put-copy', ...copy },
  ];
}

// Files and links are replaced by a rename; an empty directory has to go first.
function clear(path: string, live: PathImage | null): readonly Operation[] {
  return live?.kind === 'directory' ? [{ do: 'remove', path }] : [];
}

/** What has to be done before a path's content is overwritten or removed: a file too large for an image is copied. */
export function keepFirst(path: string, live: PathImage | null): readonly Operation[] {
  if (live?.kind !== 'file' || live.content || live.sha256 === undefined) return [];
  return [{ do: 'keep-copy', path, sha256: live.sha256 }];
}

/** The error of something at the path that we won't remove. */
export function inTheWay(path: string, live: PathImage, wanted: string): CairnError {
  return new CairnError(
    problem('in-the-way', `${path} is a ${nameKind(live)}, and should become a ${wanted}`, {
      help: 'move it away by hand, or choose another path',
    }),
  );
}
