import type { KeycloakWriter } from '../../../src/model/keycloak.ts';
import { groupAt } from '../../../src/resources/keycloak/group.ts';
import { clientAt, listAt, scopeAt } from '../../../src/resources/keycloak/paths.ts';
import { type Fields, isFields } from '../../../src/resources/thing/fields.ts';
import type { TestWorld } from '../suite.ts';

/** A realm of its own on some Keycloak, with a client, a scope, a role and a group in it. */
export interface KeycloakWorld extends TestWorld<'keycloak'> {
  readonly realm: string;
  /** Another administrator. */
  readonly hands: KeycloakWriter;
}

/** What others do to a client by hand. */
export async function edit(
  path: (world: KeycloakWorld) => Promise<string>,
  change: (now: Fields) => Fields,
  world: KeycloakWorld,
): Promise<void> {
  const at = await path(world);
  const now = await world.hands.get(at);
  if (!isFields(now)) throw new Error(`nothing at ${at}`);
  const done = await world.hands.update(at, { ...now, ...change(now) });
  if (done.is !== 'written') throw new Error(`${at} can't be changed`);
}

export const within =
  (list: string, find: (world: KeycloakWorld) => Promise<Fields | null>) => async (world: KeycloakWorld) => {
    const found = await find(world);
    return `${world.realm}/${list}/${found?.id}`;
  };
export const theClient = within('clients', ({ realm, reader }) => clientAt(realm, 'dash', reader));
export const theScope = within('client-scopes', ({ realm, reader }) => scopeAt(realm, 'packages', reader));
export const theGroup = within('groups', ({ realm, reader }) => groupAt(realm, '/staff/uploaders', reader));
export const theUser = within(
  'users',
  async ({ realm, reader }) => (await listAt(`${realm}/users?exact=true&username=ann`, reader))[0] ?? null,
);
export const theMapper = async (world: KeycloakWorld): Promise<string> => {
  const at = `${world.realm}/clients/${(await clientAt(world.realm, 'kit', world.reader))?.id}/protocol-mappers/models`;
  return `${at}/${(await listAt(at, world.reader))[0]?.id}`;
};
