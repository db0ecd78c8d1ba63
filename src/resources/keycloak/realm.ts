import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js';
import { changedFields, type Fields, isFields, normalFields } from '../thing/fields.ts';
import { thing } from '../thing/thing.ts';
import { addressOf, idOf, pathOf } from './paths.ts';

export interface RealmId {
  readonly realm: string;
}

/** Settings of a realm, as the admin API names them; what is left out stays as it is. */
export type RealmWant = Omit<
  RealmRepresentation,
  'id' | 'realm' | 'clients' | 'users' | 'roles' | 'groups' | 'clientScopes'
>;

export interface RealmOut {
  readonly realm: string;
}

/** A realm: users, clients and roles of their own. Its settings are ours; what lies in it has types of its own. */
export const realm = thing<'keycloak', RealmId, RealmWant, RealmOut>('keycloak', {
  name: 'keycloak/realm',
  identity: ['realm'],
  address: ({ realm }) => addressOf('Realm', realm),
  title: ({ realm }) => `Realm ${realm}`,
  secrets: ['smtpServer.password'],
  holds: ({ realm }, _, other) => isFields(other) && other.realm === realm && Object.keys(other).length > 1,
  async look({ realm }, from) {
    const found = await from.get(pathOf(realm));
    if (!isFields(found)) return null;
    const { realm: _, id: _id, ...fields } = found;
    return { id: idOf(found), fields: normalFields(fields) };
  },
  make: ({ realm }, fields, to) => to.create('', { enabled: true, ...fields, realm }),
  alter: ({ realm }, { from, to: goal }, to) =>
    to.update(pathOf(realm), withAttributes(changedFields(from.fields, goal), goal)),
  drop: ({ realm }, _, to) => to.remove(pathOf(realm)),
  out: (_, { realm }) => ({ realm }),
  loss: ({ realm }) => ({
    is: 'data',
    why: `removing realm ${realm} removes its users, their passwords and sessions, and its keys`,
    saveFirst: `kc.sh export --realm ${realm} --file ${realm}.json`,
  }),
});

// A PUT says all attributes of a realm, or nothing of them.
function withAttributes(changed: Fields, { attributes = {} }: Fields): Fields {
  return 'attributes' in changed ? { ...changed, attributes } : changed;
}
