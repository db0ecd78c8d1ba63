import type { Inputs } from '../../../model/deferred.ts';
import { CairnError, diagnosticsOf, problem } from '../../../model/diagnostic.ts';
import { type AnyType, declare, type More, type Resource, type ResourceType } from '../../../model/resource.ts';
import type { Tools } from '../../../model/tools.ts';
import { standIn } from '../../stand-in.ts';
import { directory } from '../directory.ts';
import { file } from '../file.ts';
import { link } from '../link.ts';
import { plainPath, sha256Of } from '../path-image.ts';
import type { Entry } from './entries.ts';
import { unpack } from './unpack.ts';

export interface ArchiveId {
  /** The directory on the host that it is unpacked into; it must be there. */
  readonly path: string;
  /** A tar, tar.gz or zip archive on the machine that Cairn runs on: as of a role's `file('…')`, or from the project's root. */
  readonly source: string;
}

export interface ArchiveWant {
  /** Of the archive, in hex: it is refused when it has another. */
  readonly sha256?: string;
  /** Leading names to leave out of each path: 1 where all lies in one folder. */
  readonly strip?: number;
  /** Of everything in it; a new one gets root. */
  readonly owner?: string;
  readonly group?: string;
  /** What is in the archive must not be on the host. */
  readonly absent?: boolean;
}

const type: ResourceType<'host', ArchiveId, ArchiveWant, object, object> = {
  name: 'archive',
  version: 1,
  on: 'host',
  identity: ['path', 'source'],
  ...standIn,
  place: ({ path }) => path,
  isWhole: true,
  title: ({ path, source }) => `archive ${nameOf(source)} in ${path}`,
  address: ({ path, source }) => `archive${plainPath(path)}:${nameOf(source).replaceAll(/\s+/g, '-')}`,
  inspect: async (id, tools) => {
    try {
      unpack(await tools.bytes(id.source));
      return [];
    } catch (error) {
      return diagnosticsOf(error);
    }
  },
  expand: async ({ path, source }, want, { tools }) => {
    const entries = unpack(await checked(source, want.sha256, tools), want.strip);
    return want.absent
      ? entries.toReversed().map((entry) => gone(path, entry))
      : entries.map((one) => part(path, one, want));
  },
};

/** Declares everything that is in an archive: each directory, file and link of it is planned, written and undone by itself. */
export function archive({ path, source, ...want }: ArchiveId & Inputs<ArchiveWant>, more?: More): Resource<object> {
  return declare<object>(type as unknown as AnyType, 'bundle', { path, source }, want, more);
}

function nameOf(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1);
}

async function checked(source: string, sha256: string | undefined, tools: Tools): Promise<Uint8Array> {
  const bytes = await tools.bytes(source);
  const found = sha256Of(bytes);
  if (sha256 === undefined || found === sha256.toLowerCase()) return bytes;
  throw new CairnError(
    problem('wrong-checksum', `${tools.shown(source)} is not what it should be: its sha256 is ${found}`, {
      help: `expected ${sha256}: fetch it again, or correct sha256 in the step`,
    }),
  );
}

function part(
  folder: string,
  { path, kind, mode, content, target }: Entry,
  { owner, group }: ArchiveWant,
): Resource<unknown> {
  const at = `${folder}/${path}`;
  const owners = { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
  if (kind === 'link') return link({ path: at, target });
  return kind === 'directory' ? directory({ path: at, mode, ...owners }) : file({ path: at, content, mode, ...owners });
}

function gone(folder: string, { path, kind }: Entry): Resource<unknown> {
  const spec = { path: `${folder}/${path}`, absent: true };
  if (kind === 'link') return link(spec);
  return kind === 'directory' ? directory(spec) : file(spec);
}
