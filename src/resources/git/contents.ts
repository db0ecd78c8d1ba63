import { type Input, Later, type Planned } from '../../model/deferred.ts';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { blobOf, type GitContent, type GitEntry, type GitSight, type GitWritten } from '../../model/git.ts';
import type { WorldReader, WorldWriter } from '../../model/ports.ts';
import {
  type AnyType,
  declare,
  type FieldChange,
  json,
  type More,
  type Resource,
  type ResourceType,
  type Written,
} from '../../model/resource.ts';
import { readingOf, seen } from '../reading.ts';
import { type Repository, withRemote } from './remote.ts';

interface Id {
  readonly repository: Repository;
  readonly branch: string;
  readonly name: string;
  readonly paths: readonly string[];
}

interface Want {
  /** By path: the text of a file, or null where none may be. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly message?: string;
}

export interface ContentsOut {
  /** The commit that changed these files last. */
  readonly commit: string;
}

type Files = Readonly<Record<string, GitEntry>>;

const type: ResourceType<'world', Id, Want, GitSight, ContentsOut> = {
  name: 'git/contents',
  version: 1,
  on: 'world',
  identity: ['repository', 'branch', 'name', 'paths'],
  codec: json<GitSight>(),
  address: ({ repository, branch, name }) => `git/${repository.url}/${branch}/${name}`,
  title: ({ repository, branch, name }) => `${name} in ${repository.url}, branch ${branch}`,
  // The host may be what an earlier step makes.
  probes: () => true,
  read: async (id, from) => await readingOf(async () => held(await look(id, from))),
  diff: (live, want) => {
    if (want === null) return { changes: compare(live, null), foreign: [] };
    if (want instanceof Later || want.files instanceof Later) return { changes: [later('(all)')], foreign: [] };
    return { changes: changesOf(live?.files ?? {}, want.files as Planned<Want['files']>), foreign: [] };
  },
  write: async ({ id, want, live, options }, to) => {
    const files = want === null ? nothingOf(live) : contentsOf(want);
    const run = options.run === undefined ? '' : `\n\nCairn-Run: ${options.run}\n`;
    return await bring({ id, live, files, message: `${want?.message ?? titleFor(id, want === null)}${run}` }, to);
  },
  restore: async ({ id, before, live }, to) => {
    const paths = [...new Set([...Object.keys(before?.files ?? {}), ...Object.keys(live?.files ?? {})])];
    const entry = (path: string): GitContent =>
      before?.files[path] === undefined ? null : { entry: before.files[path] };
    const files = Object.fromEntries(paths.map((path) => [path, entry(path)]));
    return await bring({ id, live, files, message: `Revert ${titleFor(id, false)}\n` }, to);
  },
  compare,
  fields: ({ files }) => Object.entries(files),
  out: ({ commit }) => ({ commit }),
  // Every commit stays in the history.
  loss: () => Promise.resolve({ is: 'none' }),
};

async function look({ repository, branch, paths }: Id, from: WorldReader): Promise<GitSight | null> {
  const sight = await withRemote(repository, from, (remote) => from.git.look(remote, { branch, paths }));
  return isThere(sight) ? sight : null;
}

function isThere(sight: GitSight | null): sight is GitSight {
  return sight !== null && Object.keys(sight.files).length > 0;
}

function held(sight: GitSight | null): GitSight | null {
  return isThere(sight) ? sight : null;
}

interface Change {
  readonly id: Id;
  readonly live: GitSight | null;
  readonly files: Readonly<Record<string, GitContent>>;
  readonly message: string;
}

async function bring({ id, live, files, message }: Change, to: WorldWriter): Promise<Written<GitSight>> {
  const { repository, branch, paths } = id;
  const change = { branch, paths, expected: live?.files ?? {}, files, message };
  if (Object.keys(files).length === 0) return { is: 'written', live };
  const done = await withRemote(repository, to, (remote) => to.git.commit(remote, change));
  if (done === null) throw nowhere(id);
  return writtenOf(done);
}

function writtenOf({ is, now }: GitWritten): Written<GitSight> {
  return is === 'moved' ? { is, now: seen(held(now)) } : { is, live: held(now) };
}

function nowhere({ repository }: Id): CairnError {
  return new CairnError(
    problem('git-unreachable', `nothing serves ${repository.url} yet`, {
      help: 'its key, its known hosts or its Service is not there: run the step that makes them first',
    }),
  );
}

function contentsOf({ files }: Want): Readonly<Record<string, GitContent>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text === null ? null : { text: plain(path, text) }]),
  );
}

// What is in a history stays there.
function plain(path: string, text: unknown): string {
  if (typeof text === 'string') return text;
  throw new CairnError(
    problem('secret-in-git', `${path} holds a secret, and a repository keeps what it held for ever`, {
      help: 'keep it in a Secret of the cluster, and let the file name that',
    }),
  );
}

function nothingOf(live: GitSight | null): Readonly<Record<string, null>> {
  return Object.fromEntries(Object.keys(live?.files ?? {}).map((path) => [path, null]));
}

function changesOf(live: Files, wanted: Planned<Want['files']>): readonly FieldChange[] {
  return Object.entries(wanted).flatMap(([path, text]): readonly FieldChange[] => {
    if (text instanceof Later) return [later(path)];
    const before = live[path]?.slice(7);
    const after = text === null ? undefined : blobOf(plain(path, text));
    return before === after ? [] : [field(path, before, after)];
  });
}

function compare(a: GitSight | null, b: GitSight | null): readonly FieldChange[] {
  const [before, after] = [a?.files ?? {}, b?.files ?? {}];
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return paths.filter((path) => before[path] !== after[path]).map((path) => field(path, before[path], after[path]));
}

function later(path: string): FieldChange {
  return { path, how: 'later', secret: false };
}

function field(path: string, before: string | undefined, after: string | undefined): FieldChange {
  const shown = (entry: string | undefined) => entry?.split(' ').at(-1)?.slice(0, 8);
  const [old, now] = [shown(before), shown(after)];
  return {
    path,
    how: 'update',
    secret: false,
    ...(old === undefined ? {} : { before: `blob ${old}` }),
    ...(now === undefined ? {} : { after: `blob ${now}` }),
  };
}

function titleFor({ name, paths }: Id, isGone: boolean): string {
  return `${isGone ? 'Remove' : 'Set'} ${paths.length === 1 ? paths[0] : `${name}: ${paths.length} files`}`;
}

export const contentsType = type as unknown as AnyType;

export interface ContentsSpec {
  readonly repository: Repository;
  readonly branch: string;
  /** What these files are, for people: `manifests`. Unique in the branch. */
  readonly name: string;
  /** By path from the repository's root: the text of a file, or null where none may be. Other files are somebody else's. */
  readonly files: Readonly<Record<string, Input<string> | null>>;
  /** Of the commit; default says what is set. */
  readonly message?: string;
}

/** Declares files of a branch: committed and pushed where they differ, given back by another commit. Never by force. */
export function contents({ files, message, ...where }: ContentsSpec, more?: More): Resource<ContentsOut> {
  const id = { ...where, paths: Object.keys(files).sort() };
  return declare<ContentsOut>(
    contentsType,
    'managed',
    id,
    { files, ...(message === undefined ? {} : { message }) },
    more,
  );
}
