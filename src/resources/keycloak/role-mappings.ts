import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KeycloakReader, KeycloakWriter } from '../../model/keycloak.ts';
import { type Fields, isFields } from '../thing/fields.ts';
import { clientAt, idOf, pathOf } from './paths.ts';

/** Roles that a user, a group or the account of a client has, by name. */
export interface RoleMappings {
  readonly realmRoles?: readonly string[];
  /** By clientId. */
  readonly clientRoles?: Readonly<Record<string, readonly string[]>>;
}

/** The roles that somebody has directly. @param base `shop/users/UUID` */
export async function rolesAt(base: string, from: KeycloakReader): Promise<RoleMappings> {
  const found = await from.get(`${base}/role-mappings`);
  const { realmMappings, clientMappings } = isFields(found) ? found : {};
  const ofClients = Object.entries(isFields(clientMappings) ? clientMappings : {});
  return {
    realmRoles: namesOf(realmMappings),
    clientRoles: Object.fromEntries(
      ofClients.map(([client, of]) => [client, namesOf(isFields(of) ? of.mappings : [])]),
    ),
  };
}

/** Roles of both. */
export function withRoles(a: RoleMappings, b: RoleMappings): RoleMappings {
  const clients = [...new Set([...Object.keys(a.clientRoles ?? {}), ...Object.keys(b.clientRoles ?? {})])];
  const both = (x: readonly string[] = [], y: readonly string[] = []): readonly string[] => [...new Set([...x, ...y])];
  return {
    realmRoles: both(a.realmRoles, b.realmRoles),
    clientRoles: Object.fromEntries(clients.map((name) => [name, both(a.clientRoles?.[name], b.clientRoles?.[name])])),
  };
}

interface Where {
  readonly realm: string;
  readonly base: string;
  readonly to: KeycloakWriter;
}

/** Gives and takes roles until somebody has those of `goal`. @throws CairnError `keycloak-role-missing` */
export async function writeRoles(where: Where, from: RoleMappings, goal: RoleMappings): Promise<void> {
  const { realm, base, to } = where;
  const ofRealm = { from: pathOf(realm, 'roles'), at: `${base}/role-mappings/realm` };
  await writeMappings(ofRealm, { have: from.realmRoles ?? [], want: goal.realmRoles ?? [] }, to);
  const clients = new Set([...Object.keys(from.clientRoles ?? {}), ...Object.keys(goal.clientRoles ?? {})]);
  for (const clientId of clients) {
    const client = await clientAt(realm, clientId, to);
    if (!client) throw missing(`client ${clientId}`, realm);
    const uuid = idOf(client);
    const ofClient = { from: pathOf(realm, 'clients', uuid, 'roles'), at: `${base}/role-mappings/clients/${uuid}` };
    const have = from.clientRoles?.[clientId] ?? [];
    await writeMappings(ofClient, { have, want: goal.clientRoles?.[clientId] ?? [] }, to);
  }
}

async function writeMappings(
  path: { readonly from: string; readonly at: string },
  { have, want }: { readonly have: readonly string[]; readonly want: readonly string[] },
  to: KeycloakWriter,
): Promise<void> {
  const roles = (names: readonly string[]): Promise<readonly Fields[]> =>
    Promise.all(names.map((name) => roleAt(`${path.from}/${encodeURIComponent(name)}`, name, to)));
  const more = await roles(want.filter((name) => !have.includes(name)));
  const less = await roles(have.filter((name) => !want.includes(name)));
  if (more.length > 0) await to.create(path.at, more);
  if (less.length > 0) await to.remove(path.at, less);
}

async function roleAt(path: string, name: string, from: KeycloakReader): Promise<Fields> {
  const role = await from.get(path);
  if (isFields(role)) return role;
  throw missing(`role ${name}`, path.split('/')[0] ?? '');
}

function missing(what: string, realm: string): CairnError {
  return new CairnError(
    problem('keycloak-role-missing', `realm ${realm} has no ${what}`, {
      help: 'declare it first, or look at its name',
    }),
  );
}

function namesOf(roles: unknown): readonly string[] {
  return Array.isArray(roles) ? roles.filter(isFields).map(({ name }) => String(name)) : [];
}
