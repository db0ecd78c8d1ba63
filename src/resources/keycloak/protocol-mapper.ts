import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KeycloakReader } from '../../model/keycloak.ts';
import { type Fields, normalFields } from '../thing/fields.ts';
import { type Absent, thing } from '../thing/thing.ts';
import { addressOf, clientAt, idOf, listAt, pathOf, scopeAt } from './paths.ts';

/** A mapper of a client, or of a client scope: one of both must be named. */
export interface ProtocolMapperId {
  readonly realm: string;
  /** By its clientId. */
  readonly client?: string;
  readonly clientScope?: string;
  readonly name: string;
}

export interface ProtocolMapperWant extends Absent {
  /** The kind of mapper: `oidc-audience-mapper`. */
  readonly protocolMapper: string;
  /** Default: `openid-connect`. */
  readonly protocol?: string;
  readonly config?: Readonly<Record<string, string>>;
}

export interface ProtocolMapperOut {
  readonly id: string;
  readonly name: string;
}

const fresh: Fields = { protocol: 'openid-connect' };

/** What a token says, and whence: an audience, a group, an attribute of the user. */
export const protocolMapper = thing<'keycloak', ProtocolMapperId, ProtocolMapperWant, ProtocolMapperOut>('keycloak', {
  name: 'keycloak/protocolMapper',
  identity: ['realm', 'client', 'clientScope', 'name'],
  phase: () => 1,
  address: (id) => addressOf('ProtocolMapper', id.realm, ...ownerOf(id), id.name),
  title: (id) => `ProtocolMapper ${id.realm}/${ownerOf(id)[1]}/${id.name}`,
  async look(id, from) {
    const at = await modelsAt(id, from);
    const found = at === null ? undefined : (await listAt(at, from)).find(({ name }) => name === id.name);
    if (!found) return null;
    const { id: _, name: _name, consentRequired: _consent, ...fields } = found;
    return { id: idOf(found), fields: normalFields(fields) };
  },
  async make(id, fields, to, { uuid }) {
    const body = { ...fresh, ...fields, name: id.name, ...(uuid === undefined ? {} : { id: uuid }) };
    return to.create(await ownerPath(id, to), body);
  },
  async alter(id, { from, to: goal }, to) {
    return to.update(`${await ownerPath(id, to)}/${from.id}`, { ...goal, id: from.id, name: id.name });
  },
  async drop(id, image, to) {
    return to.remove(`${await ownerPath(id, to)}/${image.id}`);
  },
  out: ({ id }, { name }) => ({ id, name }),
});

function ownerOf({ client, clientScope }: ProtocolMapperId): readonly [string, string] {
  if ((client === undefined) === (clientScope === undefined)) {
    throw new TypeError('a protocol mapper belongs to a client or to a client scope: name one of them');
  }
  return client === undefined ? ['scope', clientScope ?? ''] : ['client', client];
}

async function modelsAt(id: ProtocolMapperId, from: KeycloakReader): Promise<string | null> {
  const [kind, name] = ownerOf(id);
  const owner = await (kind === 'client' ? clientAt : scopeAt)(id.realm, name, from);
  if (!owner) return null;
  const list = kind === 'client' ? 'clients' : 'client-scopes';
  return pathOf(id.realm, list, idOf(owner), 'protocol-mappers', 'models');
}

async function ownerPath(id: ProtocolMapperId, from: KeycloakReader): Promise<string> {
  const path = await modelsAt(id, from);
  if (path !== null) return path;
  const [kind, name] = ownerOf(id);
  const what = kind === 'client' ? 'client' : 'client scope';
  throw new CairnError(
    problem('keycloak-owner-missing', `realm ${id.realm} has no ${what} ${name} for mapper ${id.name}`),
  );
}
