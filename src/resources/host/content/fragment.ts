import { type Inputs, Later, type Planned } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, HostWriter, Operation } from '../../../model/host.ts';
import { type FieldChange, json, type Reading, type ResourceType, type Written } from '../../../model/resource.ts';
import { readingOf } from '../../reading.ts';
import { type Attributes, knownAttributes } from '../attributes.ts';
import { field, nameKind } from '../path-compare.ts';
import { lookAt, type PathImage, plainPath } from '../path-image.ts';
import { changePath } from '../path-write.ts';
import { type FileText, textOf } from './text.ts';

/** What the wishes of all parts of files have in common. */
export interface FragmentWant {
  /** It must not be in the file. */
  readonly absent?: boolean;
  /** Checks the file before it goes live: program and arguments, `%s` stands for its temporary name. */
  readonly validate?: readonly [string, ...string[]];
  /** Of a file that has to be made for it; default 0644, root and root. A file that is there keeps its own. */
  readonly born?: Attributes;
}

/** What a declaration of a part says besides the part itself. */
export interface FragmentSpec {
  readonly validate?: FragmentWant['validate'];
  /** Mode, owner and group of a file that has to be made for it; default 0644, root and root. */
  readonly born?: Inputs<Attributes>;
}

/** A part of a file, or what is missing for it. Both sorts of missing count as absent; undo takes away what wasn't there. */
export interface FragmentLive<F> {
  readonly found?: F;
  /** What it lies in and isn't there either: so many levels, or the file itself. */
  readonly missing?: number | 'file';
  /** Not everybody on the host may read the file: values aren't shown. */
  readonly hidden: boolean;
}

/** One sort of part: pure functions on the text of the file. `F` is JSON data. */
export interface FragmentSort<Id extends { readonly path: string }, Want extends FragmentWant, F> {
  readonly name: string;
  readonly identity: readonly (keyof Id & string)[];
  /** Unique in its file, without spaces. Throws when the id makes no sense. */
  key(id: Id): string;
  title(id: Id): string;
  /** Throws `unreadable` when the text can't be understood. A number: so many levels that it lies in are missing. */
  find(text: string, id: Id): F | number | null;
  put(text: string, id: Id, want: Want): string;
  /** Back to what was found before; null takes it out, and the levels that weren't there with it. */
  giveBack(text: string, id: Id, before: F | null, missing: number): string;
  /** Null: nothing to change. */
  change(found: F | undefined, want: Exclude<Planned<Want>, Later>): FieldChange | null;
  /** Whether two images are the same to whoever reads the file: places don't count. */
  same(a: F, b: F): boolean;
  /** For people, one line. */
  show(found: F): string;
}

const mostAttempts = 5;
const born = { mode: '0644', owner: 'root', group: 'root' } as const;

/** A resource type for a part of a text file. Everything else in the file stays as it is, byte for byte. */
export function fragmentType<Id extends { readonly path: string }, Want extends FragmentWant, F>(
  sort: FragmentSort<Id, Want, F>,
): ResourceType<'host', Id, Want, FragmentLive<F>, Id> {
  const compare = (a: FragmentLive<F> | null, b: FragmentLive<F> | null): readonly FieldChange[] => {
    if (a?.found !== undefined && b?.found !== undefined && sort.same(a.found, b.found)) return [];
    if (a?.found === undefined && b?.found === undefined) return [];
    return [field(sort.name, shown(sort, a), shown(sort, b))];
  };
  const taken = (live: FragmentLive<F> | null): readonly FieldChange[] =>
    live?.found === undefined ? [] : [field(sort.name, 'there', 'absent')];
  return {
    name: sort.name,
    version: 1,
    on: 'host',
    identity: sort.identity,
    codec: json<FragmentLive<F>>(),
    address: (id) => `${sort.name}${plainPath(id.path)}:${sort.key(id)}`,
    title: sort.title,
    read: async (id, from) => await read(sort, id, from),
    diff: (live, want) => {
      if (want === null) return { changes: taken(live), foreign: [] };
      if (want instanceof Later) return { changes: [{ path: sort.name, how: 'later', secret: false }], foreign: [] };
      if (want.absent === true) return { changes: taken(live), foreign: [], removes: true };
      const change = sort.change(live?.found, want as Exclude<Planned<Want>, Later>);
      return { changes: change ? [live?.hidden ? withoutValues(change) : change] : [], foreign: [] };
    },
    write: async ({ id, want, live }, to) => {
      const gone = want === null || want.absent === true;
      if (gone && live?.found === undefined) return { is: 'written', live };
      const edit = (text: string): string => (gone ? sort.giveBack(text, id, null, 0) : sort.put(text, id, want));
      return await rewrite({ sort, id, live, edit, compare, validate: want?.validate, born: want?.born }, to);
    },
    restore: async ({ id, before, live }, to) => {
      if (compare(before, live).length === 0) return { is: 'written', live };
      const missing = before?.missing ?? 0;
      const edit = (text: string): string =>
        sort.giveBack(text, id, before?.found ?? null, missing === 'file' ? Number.POSITIVE_INFINITY : missing);
      return await rewrite({ sort, id, live, edit, compare, dropEmpty: missing === 'file' }, to);
    },
    compare,
    saves: async ({ id: { path } }) => ({ paths: [path] }),
    out: (_, id) => id,
    loss: async () => ({ is: 'none' }),
    touches: ({ path }) => [`file${path}`],
  };
}

function withoutValues({ before: _, after: __, ...change }: FieldChange): FieldChange {
  return change;
}

function shown<Id extends { readonly path: string }, Want extends FragmentWant, F>(
  sort: FragmentSort<Id, Want, F>,
  live: FragmentLive<F> | null,
): string {
  if (live?.found === undefined) return 'absent';
  return live.hidden ? 'there' : sort.show(live.found);
}

interface Found {
  readonly image: PathImage | null;
  readonly file: FileText;
}

async function fileAt(path: string, from: HostReader): Promise<Found> {
  const image = await lookAt(path, from);
  if (image && image.kind !== 'file') throw unreadable(`${path} is a ${nameKind(image)}`, 'name the file itself');
  if (image && !image.content) throw unreadable(`${path} is too large to edit: it has more than 1 MiB`);
  return { image, file: textOf(path, image?.content ?? new Uint8Array()) };
}

function unreadable(summary: string, help?: string): CairnError {
  return new CairnError(problem('unreadable', summary, help === undefined ? {} : { help }));
}

async function read<Id extends { readonly path: string }, Want extends FragmentWant, F>(
  sort: FragmentSort<Id, Want, F>,
  id: Id,
  from: HostReader,
): Promise<Reading<FragmentLive<F>>> {
  return await readingOf(async () => partIn(sort, id, await fileAt(id.path, from)));
}

function partIn<Id extends { readonly path: string }, Want extends FragmentWant, F>(
  sort: FragmentSort<Id, Want, F>,
  id: Id,
  { image, file }: Found,
): FragmentLive<F> | null {
  if (!image) return { missing: 'file', hidden: false };
  const hidden = (Number.parseInt(image.mode, 8) & 0o004) === 0;
  const found = sort.find(file.text, id);
  if (found === null || found === 0) return null;
  return typeof found === 'number' ? { missing: found, hidden } : { found, hidden };
}

interface Rewrite<Id extends { readonly path: string }, Want extends FragmentWant, F> {
  readonly sort: FragmentSort<Id, Want, F>;
  readonly id: Id;
  readonly live: FragmentLive<F> | null;
  edit(text: string): string;
  compare(a: FragmentLive<F> | null, b: FragmentLive<F> | null): readonly FieldChange[];
  readonly validate?: FragmentWant['validate'] | undefined;
  readonly born?: Attributes | undefined;
  /** The file wasn't there before: it goes when nothing is left in it. */
  readonly dropEmpty?: boolean;
}

// Others may change other parts meanwhile: then it is read and changed again.
async function rewrite<Id extends { readonly path: string }, Want extends FragmentWant, F>(
  change: Rewrite<Id, Want, F>,
  to: HostWriter,
): Promise<Written<FragmentLive<F>>> {
  const { sort, id, live, compare } = change;
  for (let attempt = 1; ; attempt += 1) {
    const found = await fileAt(id.path, to);
    const now = partIn(sort, id, found);
    if (compare(live, now).length > 0 || attempt > mostAttempts) {
      return { is: 'moved', now: now === null ? { is: 'absent' } : { is: 'present', live: now } };
    }
    const text = change.edit(found.file.text);
    if (text === found.file.text && found.image) return { is: 'written', live: now };
    const written = await changePath(
      { path: id.path, live: found.image, operations: [operationFor(change, text, found)] },
      to,
    );
    if (written.is === 'moved') continue;
    const image = written.live;
    return { is: 'written', live: image && partIn(sort, id, { image, file: { ...found.file, text } }) };
  }
}

function operationFor<Id extends { readonly path: string }, Want extends FragmentWant, F>(
  { id: { path }, validate, born: own, dropEmpty }: Rewrite<Id, Want, F>,
  text: string,
  { image, file }: Found,
): Operation {
  if (dropEmpty && text === '') return { do: 'remove', path };
  const { mode, owner, group } = image ?? { ...born, ...(own ? knownAttributes(own) : {}) };
  const content = file.encode(text);
  return { do: 'put-file', path, content, mode, owner, group, ...(validate ? { validate } : {}) };
}
