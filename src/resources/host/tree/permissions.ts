import { type Inputs, Later, type Planned } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, HostWriter, Operation, TreeEntry } from '../../../model/host.ts';
import {
  type AnyType,
  type Codec,
  declare,
  type FieldChange,
  type More,
  type Resource,
  type ResourceType,
  resourceType,
  type Written,
} from '../../../model/resource.ts';
import type { Declared } from '../../../model/tools.ts';
import { readingOf } from '../../reading.ts';
import { standIn } from '../../stand-in.ts';
import { octal } from '../attributes.ts';
import { field } from '../path-compare.ts';
import { plainPath } from '../path-image.ts';
import { declaredIn, Theirs } from './theirs.ts';

export interface PermissionsId {
  /** Absolute: a directory. What is in it is meant, at every depth, and not the directory itself. */
  readonly path: string;
}

/** What is left out stays as it is. */
export interface PermissionsWant {
  readonly owner?: string;
  readonly group?: string;
  /** Octal, of every file: `0640`. */
  readonly fileMode?: string;
  /** Octal, of every directory: `0750`. */
  readonly directoryMode?: string;
}

interface Excepting extends PermissionsWant {
  /** What other resources declare in it. */
  readonly except: readonly Declared[];
}

type Entry = Omit<TreeEntry, 'path' | 'size'>;

/** Owner, group and mode of everything beneath a directory, by relative path. */
interface PermissionsLive {
  readonly folder: string;
  readonly entries: ReadonlyMap<string, Entry>;
}

// Some words an entry: there may be many.
const codec: Codec<PermissionsLive> = {
  encode: ({ folder, entries }) => ({ folder, entries: [...entries].map(([path, entry]) => [path, wordsOf(entry)]) }),
  decode: (stored) => {
    const { folder, entries } = stored as { readonly folder: string; readonly entries: readonly [string, string][] };
    return { folder, entries: new Map(entries.map(([path, words]) => [path, entryOf(words)])) };
  },
};

function wordsOf({ kind, mode, owner, group }: Entry): string {
  return `${kind} ${mode} ${owner} ${group}`;
}

function entryOf(words: string): Entry {
  const [kind, mode = '', owner = '', group = ''] = words.split(' ');
  return { kind: kind as Entry['kind'], mode, owner, group };
}

/** Seen as a whole: one image, and one field for each path that differs. */
export const treePermissions = resourceType<'host', PermissionsId, Excepting, PermissionsLive, PermissionsId>({
  name: 'permissions',
  version: 1,
  on: 'host',
  identity: ['path'],
  codec,
  address: ({ path }) => `permissions${plainPath(path)}`,
  title: ({ path }) => `permissions in ${path}`,
  // Whatever changes before it may lie in the directory.
  probes: () => true,
  // What is declared keeps what it has.
  touches: ({ path }) => [`stray${plainPath(path)}/*`],
  read: async ({ path }, from) => await readingOf(async () => await look(path, from)),
  diff: (live, want) => {
    if (want instanceof Later || later(want))
      return { changes: [{ path: '(all)', how: 'later', secret: false }], foreign: [] };
    return { changes: live && want ? changesBetween(live, wished(live, want as Excepting)) : [], foreign: [] };
  },
  write: async ({ id: { path }, want, live }, to) => {
    if (want === null) return { is: 'written', live };
    if (live === null) throw new CairnError(problem('no-directory', `the directory ${path} does not exist`));
    return await bring(path, live, wished(live, want), to);
  },
  restore: async ({ id: { path }, before, live }, to) =>
    before && live ? await bring(path, live, before, to) : { is: 'written', live },
  compare: (a, b) => (a && b ? changesBetween(a, b) : []),
  fields: ({ entries }) => [...entries].map(([path, entry]) => [path, shown(entry)]),
  out: (_, { path }) => ({ path }),
  loss: async () => ({ is: 'none' }),
});

const type: ResourceType<'host', PermissionsId, PermissionsWant, object, object> = {
  name: 'permissionsIn',
  version: 1,
  on: 'host',
  identity: ['path'],
  ...standIn,
  title: ({ path }) => `permissions in ${path}`,
  address: ({ path }) => `permissionsIn${plainPath(path)}`,
  looks: true,
  covers: ({ path }, other) => other.type === treePermissions.type.name && (other.id as PermissionsId).path === path,
  expand: async ({ path }, want, { declared }) => {
    return [treePermissions({ path, ...want, except: declaredIn(path, declared) })];
  },
};

/**
 * Owner, group and modes of all that is in a directory, except of what the project declares there itself. Links get owner and
 * group, and lead nowhere; devices, sockets and pipes stay as they are.
 */
export function permissions({ path, ...want }: PermissionsId & Inputs<PermissionsWant>, more?: More): Resource<object> {
  return declare<object>(type as unknown as AnyType, 'bundle', { path }, want, more);
}

function later(want: Planned<Excepting> | null): boolean {
  return want !== null && Object.values(want).some((one) => one instanceof Later);
}

async function look(path: string, from: HostReader): Promise<PermissionsLive | null> {
  const found = await from.ask({ ask: 'tree', path });
  return found && { folder: path, entries: new Map(found.map(({ path: name, size: _, ...entry }) => [name, entry])) };
}

/** The image as it should be. */
function wished({ folder, entries }: PermissionsLive, want: Excepting): PermissionsLive {
  const { owner, group, fileMode, directoryMode } = want;
  const theirs = new Theirs(want.except);
  const next = [...entries].map(([path, entry]): [string, Entry] => {
    if (entry.kind === 'other' || theirs.has(`${folder}/${path}`)) return [path, entry];
    const mode = entry.kind === 'file' ? fileMode : entry.kind === 'directory' ? directoryMode : undefined;
    const wish = { ...(owner ? { owner } : {}), ...(group ? { group } : {}), ...(mode ? { mode: octal(mode) } : {}) };
    return [path, { ...entry, ...wish }];
  });
  return { folder, entries: new Map(next) };
}

// What others put there or took away meanwhile is no change of permissions.
function changesBetween(a: PermissionsLive, b: PermissionsLive): readonly FieldChange[] {
  return [...b.entries].flatMap(([path, to]) => {
    const from = a.entries.get(path);
    return from === undefined || isSame(from, to) ? [] : [field(path, shown(from), shown(to))];
  });
}

function isSame(a: Entry, b: Entry): boolean {
  return shown(a) === shown(b);
}

// A link's own mode means nothing.
function shown({ kind, mode, owner, group }: Entry): string {
  return kind === 'link' ? `link ${owner}:${group}` : `${mode} ${owner}:${group}`;
}

async function bring(
  path: string,
  live: PermissionsLive,
  to: PermissionsLive,
  host: HostWriter,
): Promise<Written<PermissionsLive>> {
  const now = await look(path, host);
  const isMoved = now === null || changesBetween(live, now).length > 0;
  if (isMoved) return { is: 'moved', now: now === null ? { is: 'absent' } : { is: 'present', live: now } };
  const operations = changesBetween(now, to).flatMap(({ path: name }): readonly Operation[] => {
    const [from, entry] = [now.entries.get(name), to.entries.get(name)];
    return from && entry && from.kind === entry.kind ? [setting(`${path}/${name}`, from, entry)] : [];
  });
  if (operations.length > 0) await host.change({ guards: [], operations, readBack: [] });
  return { is: 'written', live: await look(path, host) };
}

// Only what differs: each costs a process of the host. Who gets an owner loses set-user-ID and set-group-ID.
function setting(path: string, from: Entry, { kind, mode, owner, group }: Entry): Operation {
  const isGiven = from.owner !== owner || from.group !== group;
  const isSet = kind !== 'link' && (from.mode !== mode || (isGiven && !mode.startsWith('0')));
  return { do: 'set-attributes', path, ...(isGiven ? { owner, group } : {}), ...(isSet ? { mode } : {}) };
}
