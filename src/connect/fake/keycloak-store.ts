import { randomUUID } from 'node:crypto';

export type Rep = Record<string, unknown>;

/** One realm in memory: representations by the ids that the server gave them. */
export interface FakeRealm {
  rep: Rep;
  readonly clients: Map<string, Rep>;
  readonly scopes: Map<string, Rep>;
  readonly roles: Map<string, Rep>;
  /** By client, then by name. */
  readonly clientRoles: Map<string, Map<string, Rep>>;
  readonly groups: Map<string, Rep & { parent?: string }>;
  readonly users: Map<string, Rep>;
  /** Ids of the groups of a user. */
  readonly members: Map<string, Set<string>>;
  /** Ids of roles, by the id of the user or group that has them. */
  readonly mappings: Map<string, Set<string>>;
}

const scopesOfNew = [
  'acr',
  'address',
  'basic',
  'email',
  'microprofile-jwt',
  'offline_access',
  'phone',
  'profile',
  'roles',
];
const ofAClient = {
  default: ['web-origins', 'acr', 'profile', 'roles', 'basic', 'email'],
  optional: ['address', 'phone'],
};

/** A realm as a server makes it, with what it always has. */
export function freshRealm(body: Rep): FakeRealm {
  const realm: FakeRealm = {
    rep: {
      accessTokenLifespan: 300,
      loginWithEmailAllowed: true,
      enabled: false,
      attributes: {},
      ...body,
      id: body.id ?? randomUUID(),
    },
    clients: new Map(),
    scopes: new Map(),
    roles: new Map(),
    clientRoles: new Map(),
    groups: new Map(),
    users: new Map(),
    members: new Map(),
    mappings: new Map(),
  };
  for (const name of [...scopesOfNew, 'web-origins', 'service_account']) {
    const id = randomUUID();
    realm.scopes.set(id, { id, name, protocol: 'openid-connect' });
  }
  addRole(realm, realm.roles, { name: defaultRole(realm) });
  return realm;
}

function defaultRole({ rep }: FakeRealm): string {
  return `default-roles-${String(rep.realm).toLowerCase()}`;
}

export function addRole(_: FakeRealm, to: Map<string, Rep>, body: Rep): Rep | null {
  if (to.has(String(body.name))) return null;
  const role = { attributes: {}, composite: false, ...body, id: randomUUID() };
  to.set(String(body.name), role);
  return role;
}

/** @returns null where the realm has such a client */
export function addClient(realm: FakeRealm, body: Rep): Rep | null {
  if ([...realm.clients.values()].some(({ clientId }) => clientId === body.clientId)) return null;
  const id = String(body.id ?? randomUUID());
  const made: Rep = {
    enabled: true,
    publicClient: false,
    protocol: 'openid-connect',
    standardFlowEnabled: true,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    defaultClientScopes: ofAClient.default,
    optionalClientScopes: ofAClient.optional,
    ...body,
    ...(body.publicClient === true ? {} : { secret: body.secret ?? randomUUID() }),
    attributes: { realm_client: 'false', ...(body.attributes as Rep | undefined) },
    id,
    protocolMappers: ((body.protocolMappers ?? []) as Rep[]).map((mapper) => ({ id: randomUUID(), ...mapper })),
  };
  made.webOrigins = originsOf(made, body);
  realm.clients.set(id, made);
  realm.clientRoles.set(id, new Map());
  if (made.serviceAccountsEnabled === true) addAccount(realm, made);
  return made;
}

function addAccount(realm: FakeRealm, client: Rep): void {
  const scopes = client.defaultClientScopes as readonly string[];
  client.defaultClientScopes = [...new Set([...scopes, 'service_account'])];
  addUser(realm, { username: accountOf(client), enabled: true });
}

export function accountOf({ clientId }: Rep): string {
  return `service-account-${String(clientId)}`.toLowerCase();
}

// Where nothing is said of them and there are none, they are those of the redirect URLs.
function originsOf({ webOrigins, redirectUris }: Rep, said: Rep): unknown {
  const has = (webOrigins ?? []) as readonly string[];
  if (said.webOrigins !== undefined || has.length > 0) return has;
  const urls = ((redirectUris ?? []) as readonly string[]).map((uri) => URL.parse(uri));
  return [...new Set(urls.flatMap((url) => (url?.host ? [url.origin] : [])))];
}

/** What a PUT leaves out stays, but for web origins; an empty attribute goes; scopes have paths of their own. */
export function changeClient(realm: FakeRealm, client: Rep, body: Rep): void {
  const { defaultClientScopes: _, optionalClientScopes: _o, attributes, ...rest } = body;
  const had = client.serviceAccountsEnabled === true;
  Object.assign(client, Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)));
  client.attributes = withoutEmpty({ ...(client.attributes as Rep), ...(attributes as Rep | undefined) });
  client.webOrigins = originsOf(client, body);
  if (!had && client.serviceAccountsEnabled === true) addAccount(realm, client);
}

function withoutEmpty(map: Rep): Rep {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== '' && value !== null));
}

/** An empty attribute goes; what a PUT leaves out stays. */
export function changeScope(_: FakeRealm, scope: Rep, body: Rep): void {
  const attributes = withoutEmpty({ ...(scope.attributes as Rep), ...(body.attributes as Rep | undefined) });
  Object.assign(scope, body, { attributes });
}

/** A PUT says all attributes of a realm, or nothing of them; what else it leaves out stays. */
export function changeRealm(realm: FakeRealm, body: Rep): Rep {
  const kept = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  realm.rep = { ...realm.rep, ...kept };
  return realm.rep;
}

/** @returns null where the realm has such a user */
export function addUser(realm: FakeRealm, { credentials: _, ...body }: Rep): Rep | null {
  const username = String(body.username).toLowerCase();
  if ([...realm.users.values()].some((one) => one.username === username)) return null;
  const id = String(body.id ?? randomUUID());
  const user = { emailVerified: false, enabled: false, ...body, username, id };
  realm.users.set(id, user);
  realm.members.set(id, new Set());
  realm.mappings.set(id, new Set([String(realm.roles.get(defaultRole(realm))?.id)]));
  return user;
}

/** `/staff/uploaders`. */
export function pathOfGroup(realm: FakeRealm, { name, parent }: Rep): string {
  const above = parent === undefined ? undefined : realm.groups.get(String(parent));
  return `${above ? pathOfGroup(realm, above) : ''}/${String(name)}`;
}
