import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KeycloakReader, KeycloakWriter } from '../../model/keycloak.ts';
import type { Secret } from '../../model/secret.ts';
import { type Fields, normalFields } from '../thing/fields.ts';
import { type Image, thing } from '../thing/thing.ts';
import { groupAt } from './group.ts';
import { addressOf, idOf, listAt, pathOf } from './paths.ts';
import { type RoleMappings, rolesAt, withRoles, writeRoles } from './role-mappings.ts';

export interface UserId {
  readonly realm: string;
  readonly username: string;
}

export interface UserWant extends RoleMappings {
  /** Default for a new user: true. */
  readonly enabled?: boolean;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /** Paths of groups that the user is in, besides others: `/staff/developers`. */
  readonly groups?: readonly string[];
  /** Of a new user. It can't be read, so one who is there keeps the password that is known. */
  readonly initialPassword?: string | Secret;
}

export interface UserOut {
  readonly id: string;
  readonly username: string;
}

const own = ['enabled', 'email', 'emailVerified', 'firstName', 'lastName', 'attributes'] as const;

/** A user of a realm. Undo removes only who was made here; nobody else is ever removed. */
export const user = thing<'keycloak', UserId, UserWant, UserOut>('keycloak', {
  name: 'keycloak/user',
  identity: ['realm', 'username'],
  address: ({ realm, username }) => addressOf('User', realm, username),
  title: ({ realm, username }) => `User ${realm}/${username}`,
  secrets: ['initialPassword'],
  once: ['initialPassword'],
  adds: ['groups', 'realmRoles', 'clientRoles'],
  async look({ realm, username }, from) {
    const users = await listAt(`${pathOf(realm, 'users')}?exact=true&username=${encodeURIComponent(username)}`, from);
    const found = users.find((one) => one.username === username.toLowerCase());
    if (!found) return null;
    const base = pathOf(realm, 'users', idOf(found));
    const groups = (await listAt(`${base}/groups`, from)).map(({ path }) => path);
    const fields = Object.fromEntries(own.map((key) => [key, found[key]]));
    return { id: idOf(found), fields: normalFields({ ...fields, groups, ...(await rolesAt(base, from)) }) };
  },
  async make({ realm, username }, fields, to) {
    const credentials =
      'initialPassword' in fields ? [{ type: 'password', value: fields.initialPassword, temporary: false }] : [];
    const made = await to.create(pathOf(realm, 'users'), { enabled: true, ...ownOf(fields), username, credentials });
    if (made.is !== 'written' || made.id === undefined) return made;
    const from: Image = { id: made.id, fields: { ...(await rolesAt(pathOf(realm, 'users', made.id), to)) } };
    await join(realm, { from, to: { ...fields, ...withRoles(from.fields, fields) } }, to);
    return made;
  },
  async alter({ realm, username }, { from, to: goal }, to) {
    // A PUT says all of a user: what it leaves out is emptied.
    const done = await to.update(pathOf(realm, 'users', from.id), { attributes: {}, ...ownOf(goal), username });
    if (done.is === 'written') await join(realm, { from, to: goal }, to);
    return done;
  },
  drop: ({ realm }, { id }, to) => to.remove(pathOf(realm, 'users', id)),
  out: ({ id }, { username }) => ({ id, username }),
});

function ownOf(fields: Fields): Fields {
  return Object.fromEntries(own.flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]]])));
}

async function join(realm: string, { from, to: goal }: { from: Image; to: Fields }, to: KeycloakWriter): Promise<void> {
  const base = pathOf(realm, 'users', from.id);
  const [have, want] = [pathsIn(from.fields.groups), pathsIn(goal.groups)];
  for (const path of want.filter((one) => !have.includes(one)))
    await to.update(`${base}/groups/${await groupId(realm, path, to)}`, {});
  for (const path of have.filter((one) => !want.includes(one)))
    await to.remove(`${base}/groups/${await groupId(realm, path, to)}`);
  await writeRoles({ realm, base, to }, from.fields as RoleMappings, goal as RoleMappings);
}

async function groupId(realm: string, path: string, from: KeycloakReader): Promise<string> {
  const group = await groupAt(realm, path, from);
  if (group) return idOf(group);
  const help = 'declare it first, or look at its path';
  throw new CairnError(problem('keycloak-group-missing', `realm ${realm} has no group ${path}`, { help }));
}

function pathsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
