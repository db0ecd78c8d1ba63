import { type Fields, isFields, normalFields } from '../thing/fields.ts';
import { type Absent, thing } from '../thing/thing.ts';
import { addressOf, idOf, pathOf, scopeAt } from './paths.ts';

export interface ClientScopeId {
  readonly realm: string;
  readonly name: string;
}

export interface ClientScopeWant extends Absent {
  readonly description?: string;
  /** Default: `openid-connect`. */
  readonly protocol?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface ClientScopeOut {
  readonly id: string;
  readonly name: string;
}

const fresh: Fields = { protocol: 'openid-connect' };

/** A scope that clients may have: what a token says when it is asked for. Its mappers are a type of their own. */
export const clientScope = thing<'keycloak', ClientScopeId, ClientScopeWant, ClientScopeOut>('keycloak', {
  name: 'keycloak/clientScope',
  identity: ['realm', 'name'],
  address: ({ realm, name }) => addressOf('ClientScope', realm, name),
  title: ({ realm, name }) => `ClientScope ${realm}/${name}`,
  async look({ realm, name }, from) {
    const found = await scopeAt(realm, name, from);
    if (!found) return null;
    const { id: _, name: _name, protocolMappers: _mappers, ...fields } = found;
    return { id: idOf(found), fields: normalFields(fields) };
  },
  make: ({ realm, name }, fields, to, { uuid }) =>
    to.create(pathOf(realm, 'client-scopes'), {
      ...fresh,
      ...fields,
      name,
      ...(uuid === undefined ? {} : { id: uuid }),
    }),
  alter: ({ realm, name }, { from, to: goal }, to) =>
    to.update(pathOf(realm, 'client-scopes', from.id), { ...goal, ...emptied(from.fields, goal), name, id: from.id }),
  drop: ({ realm }, { id }, to) => to.remove(pathOf(realm, 'client-scopes', id)),
  out: ({ id }, { name }) => ({ id, name }),
});

// A PUT says nothing of attributes that it leaves out; null takes one away.
function emptied({ attributes: had }: Fields, { attributes }: Fields): Fields {
  const gone = Object.keys(isFields(had) ? had : {}).filter((key) => !isFields(attributes) || !(key in attributes));
  return {
    attributes: { ...(isFields(attributes) ? attributes : {}), ...Object.fromEntries(gone.map((key) => [key, null])) },
  };
}
