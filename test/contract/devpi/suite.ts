import { describe, expect, it } from 'vitest';
import type { Http } from '../../../src/model/http.ts';
import type { WorldReader, WorldWriter } from '../../../src/model/ports.ts';
import type { ResourceType } from '../../../src/model/resource.ts';
import { Secret } from '../../../src/model/secret.ts';
import { index } from '../../../src/resources/devpi/package-index.ts';
import { DevpiClient, type DevpiServer, type Fields } from '../../../src/resources/devpi/server.ts';
import { user } from '../../../src/resources/devpi/user.ts';
import { contractSuite, type TestWorld } from '../suite.ts';

/** A server with a user `kit` and a stage `kit/base`, and another administrator. */
interface DevpiWorld extends TestWorld<'world'> {
  readonly server: DevpiServer;
  readonly hands: DevpiClient;
}

type AnyOf = ResourceType<'world', object, object, object, unknown>;

export interface Served {
  readonly server: DevpiServer & { readonly password: Secret };
  readonly http: Http;
}

const canary = 'devpi-canary-battery';

async function put(hands: DevpiClient, path: string, fields: object): Promise<void> {
  await hands.send((await hands.get(path)) === null ? 'PUT' : 'PATCH', path, fields);
}

// When somebody made and changed it last.
function untimed(found: Fields | null): Fields | null {
  if (!found) return null;
  const { created: _, modified: _time, ...rest } = found;
  return rest;
}

/** Registers what the types of devpi pass, on the fake and on a real server alike. */
export function devpiSuite(name: string, served: () => Promise<Served>): void {
  let writes = 0;
  const open = async (): Promise<DevpiWorld> => {
    const { server, http } = await served();
    const counted: Http = {
      send: (url, request) => {
        if (request?.method !== undefined && request.method !== 'POST') writes += 1;
        return http.send(url, request);
      },
    };
    const world = { http: counted } as WorldReader & WorldWriter;
    const hands = new DevpiClient(http, server.url, { way: {}, password: server.password });
    // Made once: a server takes its time over each password.
    if ((await hands.get('/kit')) === null) await hands.send('PUT', '/kit', { password: 'kit-password' });
    if ((await hands.get('/kit/base')) === null) await hands.send('PUT', '/kit/base', { type: 'stage' });
    const close = async (): Promise<void> => {
      for (const path of ['/kit/own', '/ann'])
        if ((await hands.get(path)) !== null) {
          if (path.split('/').length === 3) await hands.send('PATCH', path, ['volatile=True']);
          await hands.send('DELETE', path);
        }
    };
    return { server, hands, reader: world, writer: world, writes: () => writes, close };
  };

  contractSuite<'world', DevpiWorld, object, object, object, unknown>({
    name: `user on ${name}`,
    type: user.type as unknown as AnyOf,
    open,
    id: ({ server }) => ({ server, name: 'ann' }),
    want: { password: 'right-password', email: 'ann@example.org' },
    drifts: { email: ({ hands }) => hands.send('PATCH', '/ann', { email: 'mallory@example.org' }) },
    older: ({ hands }) => put(hands, '/ann', { password: 'right-password', email: 'old@example.org' }),
    snapshot: async ({ hands }) => untimed(await hands.get('/ann')),
    secret: { want: { password: new Secret(canary), email: 'x@example.org' }, canary },
  });

  contractSuite<'world', DevpiWorld, object, object, object, unknown>({
    name: `index on ${name}`,
    type: index.type as unknown as AnyOf,
    open,
    id: ({ server }) => ({ server, name: 'kit/own' }),
    want: { type: 'stage', bases: ['kit/base'], volatile: false, acl_upload: ['kit'] },
    drifts: {
      bases: ({ hands }) => hands.send('PATCH', '/kit/own', { bases: [] }),
      acl_upload: ({ hands }) => hands.send('PATCH', '/kit/own', { acl_upload: [':ANONYMOUS:'] }),
    },
    older: ({ hands }) => put(hands, '/kit/own', { type: 'stage', volatile: true, title: 'theirs' }),
    snapshot: ({ hands }) => hands.get('/kit/own?no_projects='),
  });

  describe(`the password of a user on ${name}`, () => {
    it('is set again where the server takes it no longer, and only then', async () => {
      const world = await open();
      const type = user.type as unknown as AnyOf;
      const id = { server: world.server, name: 'ann' };
      const want = { password: new Secret(canary) };
      const changes = async (): Promise<readonly string[]> => {
        const reading = await type.read(id, world.reader);
        const live = reading.is === 'present' ? reading.live : null;
        const merged = await type.merge?.(id, want, live, world.reader, {});
        return type.diff(live, want, merged?.live).changes.map(({ path }) => path);
      };
      const write = async (): Promise<void> => {
        const reading = await type.read(id, world.reader);
        const live = reading.is === 'present' ? reading.live : null;
        await type.write({ id, want, live, options: {} }, world.writer);
      };
      await write();
      expect(await changes()).toEqual([]);
      await world.hands.send('PATCH', '/ann', { password: 'another-password' });
      expect(await changes()).toEqual(['password']);
      await write();
      expect(await changes()).toEqual([]);
      expect(await world.hands.accepts('ann', canary)).toBe(true);
      await world.close();
    });
  });
}
