import { client } from '../../../src/resources/keycloak/client.ts';
import { clientScope } from '../../../src/resources/keycloak/client-scope.ts';
import { group, groupAt } from '../../../src/resources/keycloak/group.ts';
import { clientAt, listAt, scopeAt } from '../../../src/resources/keycloak/paths.ts';
import { protocolMapper } from '../../../src/resources/keycloak/protocol-mapper.ts';
import { realm } from '../../../src/resources/keycloak/realm.ts';
import { clientRole, realmRole } from '../../../src/resources/keycloak/role.ts';
import { user } from '../../../src/resources/keycloak/user.ts';
import { isFields, normalFields } from '../../../src/resources/thing/fields.ts';
import { edit, type KeycloakWorld, theClient, theGroup, theMapper, theScope, theUser, within } from './by-hand.ts';

/** A type with what the suite needs of it. */
export interface Subject {
  readonly name: string;
  readonly type: unknown;
  readonly id: (world: KeycloakWorld) => object;
  readonly want: object;
  readonly drifts: Readonly<Record<string, (world: KeycloakWorld) => Promise<unknown>>>;
  readonly older: (world: KeycloakWorld) => Promise<unknown>;
  /** Where it lies and what is there, with ids. */
  readonly look: (world: KeycloakWorld) => Promise<unknown>;
  readonly secret?: { readonly want: object; readonly canary: string };
}

const canary = 'keycloak-canary-battery-staple';
const audience = { 'included.client.audience': 'kit', 'access.token.claim': 'true', 'id.token.claim': 'false' };

export const subjects: readonly Subject[] = [
  {
    name: 'Realm',
    type: realm.type,
    id: ({ realm }) => ({ realm: `${realm}-own` }),
    want: { displayName: 'Own', loginWithEmailAllowed: false, accessTokenLifespan: 120, attributes: { acme: 'yes' } },
    drifts: {
      displayName: (world) =>
        edit(
          async ({ realm }) => `${realm}-own`,
          () => ({ displayName: 'Theirs' }),
          world,
        ),
      accessTokenLifespan: (world) =>
        edit(
          async ({ realm }) => `${realm}-own`,
          () => ({ accessTokenLifespan: 60 }),
          world,
        ),
    },
    older: ({ hands, realm }) => hands.create('', { realm: `${realm}-own`, enabled: true, displayName: 'Older' }),
    look: async ({ reader, realm }) => normalFields({ it: await reader.get(`${realm}-own`) }),
    secret: {
      want: { smtpServer: { host: 'mail', from: 'kit@mail.test', password: canary, user: 'ann', auth: 'true' } },
      canary,
    },
  },
  {
    name: 'Client',
    type: client.type,
    id: ({ realm }) => ({ realm, clientId: 'dash' }),
    want: {
      name: 'Dashboard',
      redirectUris: ['https://b.test/cb', 'https://a.test/cb'],
      webOrigins: [],
      secret: 'a-secret-of-nobody',
      serviceAccountsEnabled: true,
      attributes: { 'pkce.code.challenge.method': 'S256' },
      defaultClientScopes: ['packages'],
      serviceAccount: { realmRoles: ['kit-role'], clientRoles: { kit: ['kit-client-role'] } },
    },
    drifts: {
      redirectUris: (world) => edit(theClient, () => ({ redirectUris: ['https://evil.test/*'] }), world),
      webOrigins: (world) => edit(theClient, () => ({ webOrigins: ['https://evil.test'] }), world),
      'attributes[pkce.code.challenge.method]': (world) =>
        edit(theClient, () => ({ attributes: { 'pkce.code.challenge.method': 'plain' } }), world),
      secret: (world) => edit(theClient, () => ({ secret: 'another-secret' }), world),
      defaultClientScopes: async (world) => {
        const scope = await scopeAt(world.realm, 'packages', world.reader);
        await world.hands.remove(`${await theClient(world)}/default-client-scopes/${scope?.id}`);
      },
      'serviceAccount.realmRoles': async ({ hands, reader, realm, ...world }) => {
        const account = await reader.get(`${await theClient({ hands, reader, realm, ...world })}/service-account-user`);
        const role = await reader.get(`${realm}/roles/kit-role`);
        await hands.remove(`${realm}/users/${isFields(account) && account.id}/role-mappings/realm`, [role]);
      },
    },
    older: ({ hands, realm }) =>
      hands.create(`${realm}/clients`, {
        clientId: 'dash',
        name: 'Older',
        serviceAccountsEnabled: true,
        redirectUris: ['https://old.test/*'],
        protocolMappers: [
          { name: 'aud', protocol: 'openid-connect', protocolMapper: 'oidc-audience-mapper', config: audience },
        ],
      }),
    look: ({ reader, realm }) => clientAt(realm, 'dash', reader),
    secret: { want: { secret: canary }, canary },
  },
  {
    name: 'ClientScope',
    type: clientScope.type,
    id: ({ realm }) => ({ realm, name: 'uploads' }),
    want: { description: 'Who may upload', attributes: { 'include.in.token.scope': 'true' } },
    drifts: {
      description: (world) =>
        edit(
          within('client-scopes', ({ realm, reader }) => scopeAt(realm, 'uploads', reader)),
          () => ({ description: 'all' }),
          world,
        ),
    },
    older: ({ hands, realm }) =>
      hands.create(`${realm}/client-scopes`, { name: 'uploads', protocol: 'openid-connect', description: 'old' }),
    look: ({ reader, realm }) => scopeAt(realm, 'uploads', reader),
  },
  {
    name: 'ProtocolMapper of a client',
    type: protocolMapper.type,
    id: ({ realm }) => ({ realm, client: 'kit', name: 'aud' }),
    want: { protocolMapper: 'oidc-audience-mapper', config: audience },
    drifts: {
      'config[included.client.audience]': (world) =>
        edit(
          theMapper,
          ({ config }) => ({ config: { ...(config as object), 'included.client.audience': 'evil' } }),
          world,
        ),
    },
    older: async ({ hands, realm, reader }) =>
      hands.create(`${realm}/clients/${(await clientAt(realm, 'kit', reader))?.id}/protocol-mappers/models`, {
        name: 'aud',
        protocol: 'openid-connect',
        protocolMapper: 'oidc-audience-mapper',
        config: { ...audience, 'included.client.audience': 'older' },
      }),
    look: async ({ realm, reader }) =>
      listAt(`${realm}/clients/${(await clientAt(realm, 'kit', reader))?.id}/protocol-mappers/models`, reader),
  },
  {
    name: 'ProtocolMapper of a client scope',
    type: protocolMapper.type,
    id: ({ realm }) => ({ realm, clientScope: 'packages', name: 'aud' }),
    want: { protocolMapper: 'oidc-audience-mapper', config: audience },
    drifts: {
      'config[access.token.claim]': async (world) => {
        const at = `${await theScope(world)}/protocol-mappers/models`;
        const mapper = (await listAt(at, world.reader))[0];
        const config = { ...audience, 'access.token.claim': 'false' };
        await world.hands.update(`${at}/${mapper?.id}`, { ...mapper, config });
      },
    },
    older: async (world) =>
      world.hands.create(`${await theScope(world)}/protocol-mappers/models`, {
        name: 'aud',
        protocol: 'openid-connect',
        protocolMapper: 'oidc-audience-mapper',
        config: { ...audience, 'included.client.audience': 'older' },
      }),
    look: async (world) => listAt(`${await theScope(world)}/protocol-mappers/models`, world.reader),
  },
  {
    name: 'RealmRole',
    type: realmRole.type,
    id: ({ realm }) => ({ realm, name: 'devpi-admin' }),
    want: { description: 'May do all', attributes: { level: ['1', '2'] } },
    drifts: {
      description: (world) =>
        edit(
          async ({ realm }) => `${realm}/roles/devpi-admin`,
          () => ({ description: 'x' }),
          world,
        ),
    },
    older: ({ hands, realm }) => hands.create(`${realm}/roles`, { name: 'devpi-admin', description: 'old' }),
    look: ({ reader, realm }) => reader.get(`${realm}/roles/devpi-admin`),
  },
  {
    name: 'ClientRole',
    type: clientRole.type,
    id: ({ realm }) => ({ realm, client: 'kit', name: 'upload' }),
    want: { description: 'May upload' },
    drifts: {
      description: (world) =>
        edit(
          async ({ realm, reader }) => `${realm}/clients/${(await clientAt(realm, 'kit', reader))?.id}/roles/upload`,
          () => ({ description: 'x' }),
          world,
        ),
    },
    older: async ({ hands, realm, reader }) =>
      hands.create(`${realm}/clients/${(await clientAt(realm, 'kit', reader))?.id}/roles`, {
        name: 'upload',
        description: 'old',
      }),
    look: async ({ reader, realm }) =>
      reader.get(`${realm}/clients/${(await clientAt(realm, 'kit', reader))?.id}/roles/upload`),
  },
  {
    name: 'Group',
    type: group.type,
    id: ({ realm }) => ({ realm, path: '/staff/uploaders' }),
    want: { attributes: { floor: ['3'] }, realmRoles: ['kit-role'], clientRoles: { kit: ['kit-client-role'] } },
    drifts: {
      'attributes.floor': (world) => edit(theGroup, () => ({ attributes: { floor: ['4'] } }), world),
      realmRoles: async (world) => {
        const role = await world.reader.get(`${world.realm}/roles/kit-role`);
        await world.hands.remove(`${await theGroup(world)}/role-mappings/realm`, [role]);
      },
    },
    older: async ({ hands, realm, reader }) =>
      hands.create(`${realm}/groups/${(await groupAt(realm, '/staff', reader))?.id}/children`, {
        name: 'uploaders',
        attributes: { floor: ['2'] },
      }),
    look: async (world) => {
      const found = await groupAt(world.realm, '/staff/uploaders', world.reader);
      return (
        found && [found.id, found.attributes, await world.reader.get(`${world.realm}/groups/${found.id}/role-mappings`)]
      );
    },
  },
  {
    name: 'User',
    type: user.type,
    id: ({ realm }) => ({ realm, username: 'ann' }),
    want: {
      email: 'ann@kit.test',
      firstName: 'Ann',
      lastName: 'Onym',
      emailVerified: true,
      groups: ['/staff'],
      realmRoles: ['kit-role'],
      initialPassword: 'a-first-password',
    },
    drifts: {
      email: (world) => edit(theUser, () => ({ email: 'eve@kit.test' }), world),
      groups: async (world) => {
        const staff = await groupAt(world.realm, '/staff', world.reader);
        await world.hands.remove(`${await theUser(world)}/groups/${staff?.id}`);
      },
    },
    older: ({ hands, realm }) =>
      hands.create(`${realm}/users`, {
        username: 'ann',
        enabled: true,
        email: 'old@kit.test',
        firstName: 'Old',
        lastName: 'One',
      }),
    look: async (world) => {
      const [found] = await listAt(`${world.realm}/users?exact=true&username=ann`, world.reader);
      if (!found) return null;
      const at = `${world.realm}/users/${found.id}`;
      return [
        found.id,
        found.email,
        found.firstName,
        await world.reader.get(`${at}/groups`),
        await world.reader.get(`${at}/role-mappings`),
      ];
    },
    secret: { want: { email: 'ann@kit.test', firstName: 'A', lastName: 'N', initialPassword: canary }, canary },
  },
];
