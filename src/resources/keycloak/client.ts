import type ClientRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KeycloakReader, KeycloakWriter } from '../../model/keycloak.ts';
import { Secret } from '../../model/secret.ts';
import { changedFields, type Fields, isFields, isSame, normalFields } from '../thing/fields.ts';
import { type Absent, type Image, thing } from '../thing/thing.ts';
import { addressOf, clientAt, idOf, pathOf, scopeAt } from './paths.ts';
import { type RoleMappings, rolesAt, withRoles, writeRoles } from './role-mappings.ts';

export interface ClientId {
  readonly realm: string;
  readonly clientId: string;
}

type Settings = Omit<ClientRepresentation, 'id' | 'clientId' | 'secret' | 'protocolMappers' | 'access' | 'attributes'>;

/** Settings of a client, as the admin API names them; what is left out stays as it is. Its mappers are a type of their own. */
export interface ClientWant extends Settings, Absent {
  /** Of a confidential client; left out: Keycloak makes one, which `out.secret` gives. */
  readonly secret?: string | Secret;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Roles of the account that the client itself acts with, besides those that it has; needs `serviceAccountsEnabled`. */
  readonly serviceAccount?: RoleMappings;
}

export interface ClientOut {
  /** What the server knows it by; kept when an undo brings it back. */
  readonly id: string;
  readonly clientId: string;
  /** Empty for a public client. */
  readonly secret: Secret;
}

const scopeLists = {
  defaultClientScopes: 'default-client-scopes',
  optionalClientScopes: 'optional-client-scopes',
} as const;

/** A client of a realm: an application that lets people log in, or logs in itself. */
export const client = thing<'keycloak', ClientId, ClientWant, ClientOut>('keycloak', {
  name: 'keycloak/client',
  identity: ['realm', 'clientId'],
  address: ({ realm, clientId }) => addressOf('Client', realm, clientId),
  title: ({ realm, clientId }) => `Client ${realm}/${clientId}`,
  secrets: ['secret'],
  adds: [...Object.keys(scopeLists), 'serviceAccount.realmRoles', 'serviceAccount.clientRoles'],
  holds: ({ realm, clientId }, _, other) =>
    isFields(other) && other.realm === realm && (other.client === clientId || other.of === clientId),
  async look({ realm, clientId }, from) {
    const found = await clientAt(realm, clientId, from);
    if (!found) return null;
    const { id: _, clientId: _name, access: _access, protocolMappers: _mappers, ...fields } = found;
    const account = found.serviceAccountsEnabled === true ? await rolesOfAccount(realm, idOf(found), from) : undefined;
    return { id: idOf(found), fields: normalFields({ ...fields, serviceAccount: account }) };
  },
  async make({ realm, clientId }, goal, to, { uuid }) {
    const { serviceAccount: _, ...fields } = goal;
    const id = uuid === undefined ? {} : { id: uuid };
    const made = await to.create(pathOf(realm, 'clients'), { ...fields, ...originsOf(goal), ...id, clientId });
    if (made.is === 'written' && made.id !== undefined) await giveRoles(realm, made.id, goal, to);
    return made;
  },
  async alter({ realm }, { from, to: goal }, to) {
    const {
      serviceAccount: _,
      defaultClientScopes: _d,
      optionalClientScopes: _o,
      ...fields
    } = changedFields(from.fields, goal);
    if (Object.keys(fields).length > 0) {
      // Keycloak 25 takes the account of a client away where a PUT says nothing of it.
      const account = { serviceAccountsEnabled: goal.serviceAccountsEnabled ?? false };
      const done = await to.update(pathOf(realm, 'clients', from.id), { ...account, ...fields, ...originsOf(goal) });
      if (done.is !== 'written') return done;
    }
    await giveScopes(realm, { from, to: goal }, to);
    await giveRoles(realm, from.id, goal, to, from.fields);
    return { is: 'written' };
  },
  drop: ({ realm }, { id }, to) => to.remove(pathOf(realm, 'clients', id)),
  out: ({ id, fields }, { clientId }) => ({ id, clientId, secret: new Secret(String(fields.secret ?? '')) }),
});

// Where nothing is said of them, Keycloak makes them of the redirect URLs, each time.
function originsOf({ webOrigins = [] }: Fields): Fields {
  return { webOrigins };
}

async function rolesOfAccount(realm: string, uuid: string, from: KeycloakReader): Promise<RoleMappings | undefined> {
  const base = await accountOf(realm, uuid, from);
  return base === null ? undefined : rolesAt(base, from);
}

async function accountOf(realm: string, uuid: string, from: KeycloakReader): Promise<string | null> {
  const user = await from.get(pathOf(realm, 'clients', uuid, 'service-account-user'));
  return isFields(user) ? pathOf(realm, 'users', idOf(user)) : null;
}

// An account that goes takes its roles along.
async function giveRoles(realm: string, uuid: string, goal: Fields, to: KeycloakWriter, from?: Fields): Promise<void> {
  if (goal.serviceAccountsEnabled !== true || isSame(from?.serviceAccount, goal.serviceAccount)) return;
  const base = await accountOf(realm, uuid, to);
  if (base === null) return;
  const has = await rolesAt(base, to);
  const wanted = (goal.serviceAccount ?? {}) as RoleMappings;
  await writeRoles({ realm, base, to }, has, from?.serviceAccount === undefined ? withRoles(has, wanted) : wanted);
}

async function giveScopes(
  realm: string,
  { from, to: goal }: { readonly from: Image; readonly to: Fields },
  to: KeycloakWriter,
): Promise<void> {
  for (const [field, path] of Object.entries(scopeLists)) {
    const [have, want] = [namesIn(from.fields[field]), namesIn(goal[field])];
    const at = async (name: string): Promise<string> =>
      `${pathOf(realm, 'clients', from.id, path)}/${await scopeId(realm, name, to)}`;
    for (const name of have.filter((one) => !want.includes(one))) await to.remove(await at(name));
    for (const name of want.filter((one) => !have.includes(one))) await to.update(await at(name), {});
  }
}

async function scopeId(realm: string, name: string, from: KeycloakReader): Promise<string> {
  const scope = await scopeAt(realm, name, from);
  if (scope) return idOf(scope);
  const help = 'declare it first, or look at its name';
  throw new CairnError(problem('keycloak-scope-missing', `realm ${realm} has no client scope ${name}`, { help }));
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
