import type { FileKind } from '../../model/host.ts';
import type { Difference, FieldChange } from '../../model/resource.ts';
import type { Attributes } from './attributes.ts';
import { contentChange } from './content-change.ts';
import type { PathImage } from './path-image.ts';

/** The fields in which two images of a path differ. */
export function comparePaths(a: PathImage | null, b: PathImage | null): readonly FieldChange[] {
  if (a?.kind !== b?.kind) return [field('kind', nameKind(a), nameKind(b))];
  if (!a || !b) return [];
  const content = a.sha256 === b.sha256 ? [] : [contentChange(a, b)];
  return [
    ...content,
    ...compareAttributes(a, b),
    ...(a.target === b.target ? [] : [field('target', a.target, b.target)]),
  ];
}

/** Differences in mode, owner and group, as far as `b` says something of them. A link's mode means nothing. */
export function compareAttributes(a: PathImage, b: Attributes): readonly FieldChange[] {
  const names = a.kind === 'link' ? (['owner', 'group'] as const) : (['mode', 'owner', 'group'] as const);
  return names.flatMap((name) => {
    const wanted = b[name];
    return wanted === undefined || wanted === a[name] ? [] : [field(name, a[name], wanted)];
  });
}

/** A change that may be shown whole. */
export function field(path: string, before: string | undefined, after: string | undefined): FieldChange {
  return {
    path,
    how: 'update',
    secret: false,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/** The difference of what may not take the place of every kind of thing. */
export function differenceAt(
  live: PathImage | null,
  changes: readonly FieldChange[],
  mayReplace: readonly FileKind[],
): Difference {
  const isFree = live === null || mayReplace.includes(live.kind);
  return { changes, foreign: [], ...(isFree ? {} : { inTheWay: `a ${nameKind(live)}` }) };
}

/** The difference of what must not be there: things of other kinds stay. */
export function absenceOf(live: PathImage | null, kind: FileKind): Difference {
  const isOther = live !== null && live.kind !== kind;
  const stays = isOther ? { inTheWay: `a ${nameKind(live)}` } : {};
  return { changes: comparePaths(live, null), foreign: [], removes: true, ...stays };
}

/** What lies at a path, whatever sort of resource it is to others. */
export function addressesAt(path: string): readonly string[] {
  return ['file', 'directory', 'link'].map((sort) => `${sort}${path}`);
}

/** What is at a path, in a word or two. */
export function nameKind(image: PathImage | null): string {
  if (!image) return 'absent';
  if (image.kind === 'link') return `link to ${image.target}`;
  return image.kind === 'other' ? 'device, socket or pipe' : image.kind;
}
