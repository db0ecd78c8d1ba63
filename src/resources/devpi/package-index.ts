import { Later } from '../../model/deferred.ts';
import type { WorldReader, WorldWriter } from '../../model/ports.ts';
import { json, resourceType, type Written } from '../../model/resource.ts';
import { readingOf } from '../reading.ts';
import { changesTo, compareFields, isSame } from './fields.ts';
import { addressIn, clientOf, type DevpiServer, demandClient, type Fields } from './server.ts';

export interface IndexId {
  readonly server: DevpiServer;
  /** USER/NAME: `root/prod`. */
  readonly name: string;
}

/** Settings of an index, as devpi names them; what is left out stays as it is. */
export interface IndexWant {
  /** `stage` holds packages of one's own, `mirror` those of another index. */
  readonly type: 'stage' | 'mirror';
  /** USER/NAME of the indexes beneath it, nearest first. */
  readonly bases?: readonly string[];
  /** False: a release, once uploaded, stays what it is. */
  readonly volatile?: boolean;
  /** Who may upload: users, `:ANONYMOUS:`, `:AUTHENTICATED:`. */
  readonly acl_upload?: readonly string[];
  readonly mirror_url?: string;
  /** A mirror of so many projects that their list is left where it is. */
  readonly mirror_no_project_list?: boolean;
  readonly title?: string;
}

interface IndexImage {
  readonly settings: Fields;
}

/** An index of a devpi-server. */
export const index = resourceType<'world', IndexId, IndexWant, IndexImage, { readonly name: string }>({
  name: 'devpi/index',
  version: 1,
  on: 'world',
  identity: ['server', 'name'],
  codec: json<IndexImage>(),
  address: ({ server, name }) => addressIn(server, name),
  title: ({ name }) => `devpi index ${name}`,
  // The server may be what an earlier step makes.
  probes: () => true,
  read: async (id, from) => await readingOf(() => look(id, from)),
  diff(live, want) {
    if (want === null || live === null) return { changes: compareFields(live && {}, want && {}), foreign: [] };
    if (want instanceof Later) return { changes: [{ path: '(all)', how: 'later', secret: false }], foreign: [] };
    return { changes: changesTo(live.settings, want as unknown as Fields), foreign: [] };
  },
  write: async ({ id, want, live }, to) =>
    await bring(id, { live, goal: want && { ...live?.settings, ...want }, said: want }, to),
  restore: async ({ id, before, live }, to) =>
    await bring(id, { live, goal: before?.settings ?? null, said: before?.settings ?? null }, to),
  compare: (a, b) => compareFields(a?.settings ?? null, b?.settings ?? null),
  fields: ({ settings }) => Object.entries(settings),
  out: (_, { name }) => ({ name }),
  async loss({ server, name }, { settings }, from) {
    if (settings.type === 'mirror') return { is: 'none' };
    const found = await (await clientOf(server, from))?.get(`/${name}`);
    const projects = Array.isArray(found?.projects) ? found.projects.map(String) : [];
    if (projects.length === 0) return { is: 'none' };
    const shown = projects.slice(0, 5).join(', ');
    const more = projects.length > 5 ? ` and ${projects.length - 5} more` : '';
    return { is: 'data', why: `${name} holds ${shown}${more}`, saveFirst: `devpi-export, or the files of ${name}` };
  },
});

async function look({ server, name }: IndexId, from: WorldReader): Promise<IndexImage | null> {
  const found = await (await clientOf(server, from))?.get(`/${name}?no_projects=`);
  if (!found) return null;
  const { projects: _, ...settings } = found;
  return { settings };
}

interface Change {
  readonly live: IndexImage | null;
  /** All its settings afterwards; null: no such index. */
  readonly goal: Fields | null;
  /** Those that must be told. */
  readonly said: object | null;
}

async function bring(id: IndexId, { live, goal, said }: Change, to: WorldWriter): Promise<Written<IndexImage>> {
  const now = await look(id, to);
  if (compareFields(live?.settings ?? null, now?.settings ?? null).length > 0)
    return { is: 'moved', now: now ? { is: 'present', live: now } : { is: 'absent' } };
  if (isSame(goal, now?.settings ?? null)) return { is: 'written', live: now };
  const client = await demandClient(id.server, to);
  const path = `/${id.name}`;
  if (goal === null) {
    // devpi removes no index whose releases are final.
    await client.send('PATCH', path, ['volatile=True']);
    await client.send('DELETE', path);
  } else {
    await client.send(now === null ? 'PUT' : 'PATCH', path, said);
    // What it wasn't told before, devpi drops in a request of its own.
    const gone = Object.keys((await look(id, to))?.settings ?? {}).filter((key) => now !== null && !(key in goal));
    if (gone.length > 0)
      await client.send(
        'PATCH',
        path,
        gone.map((key) => `${key}-=`),
      );
  }
  return { is: 'written', live: await look(id, to) };
}
