import { randomUUID } from 'node:crypto';
import type { Method } from './keycloak.ts';
import {
  accountOf,
  addClient,
  addRole,
  addUser,
  changeClient,
  changeRealm,
  changeScope,
  type FakeRealm,
  pathOfGroup,
  type Rep,
} from './keycloak-store.ts';

interface Asked {
  readonly body: unknown;
  readonly query: URLSearchParams;
}

/** Answers one method of a path; nothing (null, undefined): there is no such thing, or there is one already. */
type Handle = (realm: FakeRealm, parts: readonly string[], asked: Asked) => unknown;

type Handlers = Readonly<Partial<Record<Method, Handle>>>;

/** What answers at a path; `*` stands for one part, `**` for all that follow. */
type Route = readonly [path: string, Handlers];

const part = (parts: readonly string[], at: number): string => parts[at] ?? '';
const list = (body: unknown): readonly Rep[] => (Array.isArray(body) ? (body as Rep[]) : []);

/** GET, PUT and DELETE of one thing among others of its sort. */
function oneOf(
  of: (realm: FakeRealm, parts: readonly string[]) => Map<string, Rep> | undefined,
  put: (realm: FakeRealm, old: Rep, body: Rep) => void,
): Handlers {
  const find: Handle = (realm, parts) => of(realm, parts)?.get(parts.at(-1) ?? '');
  return {
    GET: find,
    PUT: (realm, parts, { body }) => {
      const old = find(realm, parts, { body, query: new URLSearchParams() }) as Rep | undefined;
      if (old) put(realm, old, body as Rep);
      return old;
    },
    DELETE: (realm, parts) => of(realm, parts)?.delete(parts.at(-1) ?? '') || null,
  };
}

const replaced = (_: FakeRealm, old: Rep, body: Rep): void => void Object.assign(old, body);

const clients: readonly Route[] = [
  [
    'clients',
    {
      GET: ({ clients }, _, { query }) =>
        [...clients.values()].filter(({ clientId }) => clientId === query.get('clientId')),
      POST: (realm, _, { body }) => addClient(realm, body as Rep),
    },
  ],
  [
    'clients/*',
    {
      ...oneOf(({ clients }) => clients, changeClient),
      DELETE: ({ clients, clientRoles }, parts) => {
        clientRoles.delete(part(parts, 0));
        return clients.delete(part(parts, 0)) || null;
      },
    },
  ],
  [
    'clients/*/service-account-user',
    {
      GET: ({ clients, users }, parts) =>
        [...users.values()].find(({ username }) => username === accountOf(clients.get(part(parts, 0)) ?? {})),
    },
  ],
  ...(['default', 'optional'] as const).map(
    (sort): Route => [
      `clients/*/${sort}-client-scopes/*`,
      {
        PUT: ({ clients, scopes }, parts) =>
          listScope(clients.get(part(parts, 0)), sort, scopes.get(part(parts, 1)), true),
        DELETE: ({ clients, scopes }, parts) =>
          listScope(clients.get(part(parts, 0)), sort, scopes.get(part(parts, 1)), false),
      },
    ],
  ),
  ...mappers('clients', ({ clients }) => clients),
  [
    'clients/*/roles',
    {
      POST: (realm, parts, { body }) => addRole(realm, realm.clientRoles.get(part(parts, 0)) ?? new Map(), body as Rep),
    },
  ],
  ['clients/*/roles/*', oneOf(({ clientRoles }, parts) => clientRoles.get(part(parts, 0)), replaced)],
];

function listScope(
  client: Rep | undefined,
  sort: 'default' | 'optional',
  scope: Rep | undefined,
  isOn: boolean,
): unknown {
  if (!client || !scope) return null;
  const key = `${sort}ClientScopes`;
  const others = ((client[key] ?? []) as string[]).filter((name) => name !== scope.name);
  client[key] = isOn ? [...others, String(scope.name)] : others;
  return true;
}

function mappers(under: string, of: (realm: FakeRealm) => Map<string, Rep>): readonly Route[] {
  const all = (realm: FakeRealm, id: string): Rep[] => {
    const owner = of(realm).get(id);
    if (!owner) return [];
    owner.protocolMappers ??= [];
    return owner.protocolMappers as Rep[];
  };
  return [
    [
      `${under}/*/protocol-mappers/models`,
      {
        GET: (realm, parts) => all(realm, part(parts, 0)),
        POST: (realm, parts, { body }) => {
          const known = all(realm, part(parts, 0));
          const made = { id: randomUUID(), ...(body as Rep) } as Rep;
          if (known.some(({ name }) => name === made.name)) return null;
          known.push(made);
          return made;
        },
      },
    ],
    [
      `${under}/*/protocol-mappers/models/*`,
      {
        GET: (realm, parts) => all(realm, part(parts, 0)).find(({ id }) => id === part(parts, 1)),
        PUT: (realm, parts, { body }) => {
          const found = all(realm, part(parts, 0)).find(({ id }) => id === part(parts, 1));
          return found && Object.assign(found, body);
        },
        DELETE: (realm, parts) => {
          const known = all(realm, part(parts, 0));
          const at = known.findIndex(({ id }) => id === part(parts, 1));
          return at < 0 ? null : known.splice(at, 1).length > 0;
        },
      },
    ],
  ];
}

const groups: readonly Route[] = [
  ['groups', { POST: (realm, _, { body }) => addGroup(realm, body as Rep) }],
  [
    'groups/*/children',
    { POST: (realm, parts, { body }) => addGroup(realm, { ...(body as Rep), parent: part(parts, 0) }) },
  ],
  ['groups/*', oneOf(({ groups }) => groups, replaced)],
  [
    'group-by-path/**',
    {
      GET: (realm, parts) => {
        const found = [...realm.groups.values()].find((one) => pathOfGroup(realm, one) === `/${parts.join('/')}`);
        return found && { ...found, path: pathOfGroup(realm, found) };
      },
    },
  ],
];

function addGroup(realm: FakeRealm, body: Rep): Rep | null {
  const path = pathOfGroup(realm, body);
  if ([...realm.groups.values()].some((one) => pathOfGroup(realm, one) === path)) return null;
  const id = randomUUID();
  const made = { attributes: {}, ...withoutUndefined(body), id };
  realm.groups.set(id, made);
  realm.mappings.set(id, new Set());
  return made;
}

function withoutUndefined(body: Rep): Rep {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

const users: readonly Route[] = [
  [
    'users',
    {
      GET: ({ users }, _, { query }) =>
        [...users.values()].filter(({ username }) => username === query.get('username')),
      POST: (realm, _, { body }) => addUser(realm, body as Rep),
    },
  ],
  ['users/*', oneOf(({ users }) => users, replaced)],
  [
    'users/*/groups',
    {
      GET: (realm, parts) =>
        [...(realm.members.get(part(parts, 0)) ?? [])].flatMap((id) => {
          const group = realm.groups.get(id);
          return group ? [{ ...group, path: pathOfGroup(realm, group) }] : [];
        }),
    },
  ],
  [
    'users/*/groups/*',
    {
      PUT: ({ members }, parts) => members.get(part(parts, 0))?.add(part(parts, 1)),
      DELETE: ({ members }, parts) => members.get(part(parts, 0))?.delete(part(parts, 1)),
    },
  ],
];

const mappings: readonly Route[] = (['users', 'groups'] as const).flatMap((who) => [
  [`${who}/*/role-mappings`, { GET: (realm, parts) => mappingsOf(realm, part(parts, 0)) }] as const,
  ...(['realm', 'clients/*'] as const).map(
    (where): Route =>
      [
        `${who}/*/role-mappings/${where}`,
        {
          POST: ({ mappings }, parts, { body }) =>
            list(body).map(({ id }) => mappings.get(part(parts, 0))?.add(String(id))),
          DELETE: ({ mappings }, parts, { body }) =>
            list(body).map(({ id }) => mappings.get(part(parts, 0))?.delete(String(id))),
        },
      ] as const,
  ),
]);

function mappingsOf(realm: FakeRealm, of: string): unknown {
  const has = realm.mappings.get(of);
  if (!has) return null;
  const those = (roles: Iterable<Rep>): readonly Rep[] => [...roles].filter(({ id }) => has.has(String(id)));
  const ofClients = [...realm.clients.values()].flatMap((client) => {
    const found = those(realm.clientRoles.get(String(client.id))?.values() ?? []);
    return found.length === 0 ? [] : [[String(client.clientId), { id: client.id, mappings: found }] as const];
  });
  return { realmMappings: those(realm.roles.values()), clientMappings: Object.fromEntries(ofClients) };
}

/** What the fake answers, by the path beneath a realm. */
export const routes: readonly Route[] = [
  ['', { GET: ({ rep }) => rep, PUT: (realm, _, { body }) => changeRealm(realm, body as Rep) }],
  ...clients,
  [
    'client-scopes',
    {
      GET: ({ scopes }) => [...scopes.values()],
      POST: ({ scopes }, _, { body }) => {
        const made: Rep = { id: randomUUID(), attributes: {}, ...(body as Rep) };
        if ([...scopes.values()].some(({ name }) => name === made.name)) return null;
        scopes.set(String(made.id), made);
        return made;
      },
    },
  ],
  ['client-scopes/*', oneOf(({ scopes }) => scopes, changeScope)],
  ...mappers('client-scopes', ({ scopes }) => scopes),
  ['roles', { POST: (realm, _, { body }) => addRole(realm, realm.roles, body as Rep) }],
  ['roles/*', oneOf(({ roles }) => roles, replaced)],
  ...groups,
  ...users,
  ...mappings,
];
