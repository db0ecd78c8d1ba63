import { Later } from '../../model/deferred.ts';
import type { WorldReader, WorldWriter } from '../../model/ports.ts';
import { type FieldChange, json, resourceType, type Written } from '../../model/resource.ts';
import type { Secret } from '../../model/secret.ts';
import { readingOf } from '../reading.ts';
import { changesTo, compareFields } from './fields.ts';
import { addressIn, clientOf, type DevpiServer, demandClient } from './server.ts';

export interface UserId {
  readonly server: DevpiServer;
  readonly name: string;
}

export interface UserWant {
  /** Can't be read: whether the server takes it is tried. */
  readonly password: string | Secret;
  readonly email?: string;
}

/** A user as far as the server says it. */
interface UserImage {
  readonly email: string;
  /** Whether the wished password is taken, where that was tried. */
  readonly accepted?: boolean;
}

/** A user of a devpi-server, who may have indexes and upload to those that let them. */
export const user = resourceType<'world', UserId, UserWant, UserImage, { readonly name: string }>({
  name: 'devpi/user',
  version: 1,
  on: 'world',
  identity: ['server', 'name'],
  codec: json<UserImage>(),
  address: ({ server, name }) => addressIn(server, name),
  title: ({ name }) => `devpi user ${name}`,
  // The server may be what an earlier step makes.
  probes: () => true,
  read: async (id, from) => await readingOf(() => look(id, from)),
  async merge({ server, name }, want, live, from) {
    const password = want instanceof Later ? want : want.password;
    const client = live && !(password instanceof Later) ? await clientOf(server, from) : null;
    if (!client) return { live: live ?? { email: '' }, certainty: 'exact' };
    const accepted = await client.accepts(name, password as string | Secret);
    return { live: { email: live?.email ?? '', accepted }, certainty: 'exact' };
  },
  diff(live, want, merged) {
    if (want === null || live === null) return { changes: compareFields(live && {}, want && {}), foreign: [] };
    if (want instanceof Later) return { changes: [{ ...password, how: 'later' }], foreign: [] };
    const { password: wished, email } = want as { readonly password: unknown; readonly email?: unknown };
    const changed = wished instanceof Later ? [{ ...password, how: 'later' as const }] : [];
    const refused = merged?.accepted === false ? [password] : [];
    return { changes: [...changed, ...refused, ...changesTo({ email: live.email }, { email })], foreign: [] };
  },
  async write({ id, want, live }, to) {
    if (want === null) return await bring(id, { live, json: null }, to);
    const { password: wished, email } = want;
    return await bring(id, { live, json: { password: wished, ...(email === undefined ? {} : { email }) } }, to);
  },
  restore: async ({ id, before, live }, to) => await bring(id, { live, json: before && { email: before.email } }, to),
  compare: (a, b) => compareFields(a && { email: a.email }, b && { email: b.email }),
  fields: ({ email }) => [['email', email]],
  out: (_, { name }) => ({ name }),
  async loss({ server, name }, _, from) {
    const found = await (await clientOf(server, from))?.get(`/${name}`);
    const indexes = Object.keys((found?.indexes ?? {}) as object);
    if (indexes.length === 0) return { is: 'none' };
    return { is: 'data', why: `the indexes of ${name} go too, with their packages: ${indexes.join(', ')}` };
  },
});

const password: FieldChange = { path: 'password', how: 'update', secret: true };

async function look({ server, name }: UserId, from: WorldReader): Promise<UserImage | null> {
  const found = await (await clientOf(server, from))?.get(`/${name}`);
  return found ? { email: typeof found.email === 'string' ? found.email : '' } : null;
}

interface Change {
  readonly live: UserImage | null;
  /** Null: no such user. */
  readonly json: object | null;
}

async function bring(id: UserId, { live, json: fields }: Change, to: WorldWriter): Promise<Written<UserImage>> {
  const now = await look(id, to);
  if (now?.email !== live?.email) return { is: 'moved', now: now ? { is: 'present', live: now } : { is: 'absent' } };
  if (fields === null && now === null) return { is: 'written', live: null };
  const client = await demandClient(id.server, to);
  const path = `/${id.name}`;
  const isSo = now !== null && JSON.stringify(fields) === JSON.stringify({ email: now.email });
  if (fields === null) await client.send('DELETE', path);
  else if (!isSo) await client.send(now === null ? 'PUT' : 'PATCH', path, fields);
  return { is: 'written', live: await look(id, to) };
}
