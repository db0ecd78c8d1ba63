import { Later, type Planned } from '../../model/deferred.ts';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HostWriter, Operation } from '../../model/host.ts';
import { type FieldChange, resourceType } from '../../model/resource.ts';
import { reveal, Secret } from '../../model/secret.ts';
import { readingOf } from '../reading.ts';
import { type Attributes, knownAttributes, octal } from './attributes.ts';
import { contentChange } from './content-change.ts';
import { compareAttributes, comparePaths, differenceAt, field, nameKind } from './path-compare.ts';
import { lookAt, type PathImage, pathCodec, plainPath, sha256Of } from './path-image.ts';
import { changePath, inTheWay, keepFirst, restorePath } from './path-write.ts';

export interface FileId {
  /** Absolute. */
  readonly path: string;
}

/** What is left out stays as it is; a new file gets 0644, root and root. */
export interface FileWant extends Attributes {
  /** Required unless `absent`. */
  readonly content?: string | Secret | Uint8Array;
  /** Nothing may be at the path. */
  readonly absent?: boolean;
  /** Checks new content before it goes live: program and arguments, `%s` stands for its temporary name. */
  readonly validate?: readonly [string, ...string[]];
}

export interface FileOut {
  readonly path: string;
  readonly sha256: string;
}

const born = { mode: '0644', owner: 'root', group: 'root' } as const;

/** A file with its content, mode and owner. */
export const file = resourceType<'host', FileId, FileWant, PathImage, FileOut>({
  name: 'file',
  version: 1,
  on: 'host',
  identity: ['path'],
  codec: pathCodec,
  address: ({ path }) => `file${plainPath(path)}`,
  title: ({ path }) => `file ${path}`,
  place: ({ path }) => path,
  read: async ({ path }, from) => await readingOf(async () => await lookAt(path, from)),
  diff: (live, want) => {
    if (want === null) return { changes: comparePaths(live, null), foreign: [] };
    const removes = !(want instanceof Later) && want.absent === true;
    return { ...differenceAt(live, changesOf(live, want), ['file', 'link']), ...(removes ? { removes } : {}) };
  },
  write: async ({ id: { path }, want, live }, to) => {
    if (want === null || want.absent) return await removeFile(path, live, to);
    const content = bytesOf(path, want.content);
    return await changePath({ path, live, operations: operationsFor(path, { ...want, content }, live), content }, to);
  },
  restore: async ({ id: { path }, before, live }, to) => await restorePath({ path, before, live }, to),
  compare: comparePaths,
  saves: async ({ id: { path } }) => ({ paths: [path] }),
  out: (live, { path }) => ({ path, sha256: live.sha256 ?? '' }),
  loss: async () => ({ is: 'none' }),
  // Its lines, blocks and values.
  touches: ({ path }) => [`*${path}:*`],
});

function changesOf(live: PathImage | null, want: Planned<FileWant>): readonly FieldChange[] {
  if (want instanceof Later) return [later('content', false)];
  if (want.absent === true) return live === null ? [] : comparePaths(live, null);
  const attributes = knownAttributes(want);
  if (live && live.kind !== 'file') return [field('kind', nameKind(live), 'file')];
  const base: PathImage = live ?? { kind: 'file', mode: '', owner: '', group: '' };
  const wanted = live ? attributes : { ...born, ...attributes };
  const fields = compareAttributes(base, wanted).map((change) => (live ? change : withoutBefore(change)));
  return [...contentChanges(live, want), ...fields, ...laterAttributes(want)];
}

function withoutBefore({ before: _, ...change }: FieldChange): FieldChange {
  return change;
}

function laterAttributes(want: Exclude<Planned<FileWant>, Later>): readonly FieldChange[] {
  return (['mode', 'owner', 'group'] as const).flatMap((name) =>
    want[name] instanceof Later ? [later(name, false)] : [],
  );
}

function later(path: string, secret: boolean): FieldChange {
  return { path, how: 'later', secret };
}

function contentChanges(live: PathImage | null, want: Exclude<Planned<FileWant>, Later>): readonly FieldChange[] {
  if (want.content === undefined) throw missingContent();
  if (want.content instanceof Later) return [later('content', false)];
  const content = bytesOf('', want.content);
  const sha256 = sha256Of(content);
  if (live?.sha256 === sha256) return [];
  if (want.content instanceof Secret) return [{ path: 'content', how: 'update', secret: true }];
  const mode = typeof want.mode === 'string' ? octal(want.mode) : (live?.mode ?? born.mode);
  return [contentChange(live, { mode, sha256, size: content.length, content })];
}

function operationsFor(
  path: string,
  want: FileWant & { readonly content: Uint8Array },
  live: PathImage | null,
): readonly Operation[] {
  if (live && live.kind !== 'file' && live.kind !== 'link') throw inTheWay(path, live, 'file');
  const { content } = want;
  const given = knownAttributes(want);
  const keeps = live?.kind === 'file' ? live : born;
  const { mode, owner, group } = { mode: keeps.mode, owner: keeps.owner, group: keeps.group, ...given };
  if (live?.sha256 === sha256Of(content)) return [{ do: 'set-attributes', path, mode, owner, group }];
  const { validate } = want;
  const put: Operation = { do: 'put-file', path, content, mode, owner, group, ...(validate ? { validate } : {}) };
  return [...keepFirst(path, live), put];
}

async function removeFile(path: string, live: PathImage | null, to: HostWriter) {
  if (live?.kind === 'directory' || live?.kind === 'other') throw inTheWay(path, live, 'free path');
  return await changePath({ path, live, operations: [...keepFirst(path, live), { do: 'remove', path }] }, to);
}

function bytesOf(path: string, content: FileWant['content']): Uint8Array {
  if (content === undefined) throw missingContent(path);
  if (content instanceof Uint8Array) return content;
  return new TextEncoder().encode(content instanceof Secret ? reveal(content) : content);
}

function missingContent(path = 'a file'): CairnError {
  return new CairnError(
    problem('no-content', `${path} has neither content nor absent: true`, {
      help: 'say what the file holds, even if it is empty',
    }),
  );
}
