import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KeycloakReader } from '../../model/keycloak.ts';
import { type Fields, isFields, normalFields } from '../thing/fields.ts';
import { type Absent, type Image, thing } from '../thing/thing.ts';
import { addressOf, clientAt, idOf, pathOf } from './paths.ts';

export interface RealmRoleId {
  readonly realm: string;
  readonly name: string;
}

export interface ClientRoleId extends RealmRoleId {
  /** By its clientId. */
  readonly client: string;
}

export interface RoleWant extends Absent {
  readonly description?: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

export interface RoleOut {
  readonly id: string;
  readonly name: string;
}

/** A role of a realm. */
export const realmRole = thing<'keycloak', RealmRoleId, RoleWant, RoleOut>('keycloak', {
  name: 'keycloak/realmRole',
  identity: ['realm', 'name'],
  address: ({ realm, name }) => addressOf('RealmRole', realm, name),
  title: ({ realm, name }) => `RealmRole ${realm}/${name}`,
  look: async ({ realm, name }, from) => imageOf(await from.get(pathOf(realm, 'roles', name))),
  make: ({ realm, name }, fields, to) => to.create(pathOf(realm, 'roles'), { ...fields, name }),
  alter: ({ realm, name }, { from, to: goal }, to) =>
    to.update(pathOf(realm, 'roles', name), { description: '', attributes: {}, ...goal, name, id: from.id }),
  drop: ({ realm, name }, _, to) => to.remove(pathOf(realm, 'roles', name)),
  out: ({ id }, { name }) => ({ id, name }),
});

/** A role that one client knows. */
export const clientRole = thing<'keycloak', ClientRoleId, RoleWant, RoleOut>('keycloak', {
  name: 'keycloak/clientRole',
  identity: ['realm', 'client', 'name'],
  phase: () => 1,
  address: ({ realm, client, name }) => addressOf('ClientRole', realm, client, name),
  title: ({ realm, client, name }) => `ClientRole ${realm}/${client}/${name}`,
  async look(id, from) {
    const path = await rolesPath(id, from);
    return path === null ? null : imageOf(await from.get(`${path}/${encodeURIComponent(id.name)}`));
  },
  async make(id, fields, to) {
    return to.create(await needRolesPath(id, to), { ...fields, name: id.name });
  },
  async alter(id, { from, to: goal }, to) {
    const path = `${await needRolesPath(id, to)}/${encodeURIComponent(id.name)}`;
    return to.update(path, { description: '', attributes: {}, ...goal, name: id.name, id: from.id });
  },
  async drop(id, _, to) {
    return to.remove(`${await needRolesPath(id, to)}/${encodeURIComponent(id.name)}`);
  },
  out: ({ id }, { name }) => ({ id, name }),
});

// A role that comes back gets another id: who has it, has it by that.
function imageOf(found: unknown): Image | null {
  if (!isFields(found)) return null;
  const { description, attributes }: Fields = found;
  return { id: idOf(found), fields: normalFields({ description, attributes }) };
}

async function rolesPath({ realm, client }: ClientRoleId, from: KeycloakReader): Promise<string | null> {
  const found = await clientAt(realm, client, from);
  return found && pathOf(realm, 'clients', idOf(found), 'roles');
}

async function needRolesPath(id: ClientRoleId, from: KeycloakReader): Promise<string> {
  const path = await rolesPath(id, from);
  if (path !== null) return path;
  throw new CairnError(
    problem('keycloak-owner-missing', `realm ${id.realm} has no client ${id.client} for role ${id.name}`),
  );
}
