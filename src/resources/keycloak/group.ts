import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KeycloakReader } from '../../model/keycloak.ts';
import { changedFields, type Fields, isFields, normalFields } from '../thing/fields.ts';
import { type Absent, thing } from '../thing/thing.ts';
import { addressOf, idOf, pathOf } from './paths.ts';
import { type RoleMappings, rolesAt, writeRoles } from './role-mappings.ts';

export interface GroupId {
  readonly realm: string;
  /** `/staff/developers`; its parent must be there. */
  readonly path: string;
}

export interface GroupWant extends Absent, RoleMappings {
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

export interface GroupOut {
  readonly id: string;
  readonly path: string;
}

/** A group of users. Its roles are had besides those that others gave it. */
export const group = thing<'keycloak', GroupId, GroupWant, GroupOut>('keycloak', {
  name: 'keycloak/group',
  identity: ['realm', 'path'],
  address: ({ realm, path }) => addressOf('Group', realm, ...partsOf(path)),
  title: ({ realm, path }) => `Group ${realm}${path}`,
  adds: ['realmRoles', 'clientRoles'],
  holds: ({ realm, path }, _, other) =>
    isFields(other) && other.realm === realm && typeof other.path === 'string' && other.path.startsWith(`${path}/`),
  async look({ realm, path }, from) {
    const found = await groupAt(realm, path, from);
    if (!found) return null;
    const roles = await rolesAt(pathOf(realm, 'groups', idOf(found)), from);
    return { id: idOf(found), fields: normalFields({ attributes: found.attributes, ...roles }) };
  },
  async make({ realm, path }, fields, to) {
    const parts = partsOf(path);
    const parent = parts.length > 1 ? await needParent(realm, parts, to) : null;
    const list = parent === null ? pathOf(realm, 'groups') : pathOf(realm, 'groups', parent, 'children');
    const made = await to.create(list, { name: parts.at(-1), attributes: fields.attributes });
    if (made.is === 'written' && made.id !== undefined) await give(realm, made.id, { from: {}, to: fields }, to);
    return made;
  },
  async alter({ realm, path }, { from, to: goal }, to) {
    if ('attributes' in changedFields(from.fields, goal)) {
      const body = { name: partsOf(path).at(-1), attributes: goal.attributes ?? {} };
      const done = await to.update(pathOf(realm, 'groups', from.id), body);
      if (done.is !== 'written') return done;
    }
    await give(realm, from.id, { from: from.fields, to: goal }, to);
    return { is: 'written' };
  },
  drop: ({ realm }, { id }, to) => to.remove(pathOf(realm, 'groups', id)),
  out: ({ id }, { path }) => ({ id, path }),
});

/** A group by its path; null where the realm has none of it. */
export async function groupAt(realm: string, path: string, from: KeycloakReader): Promise<Fields | null> {
  const found = await from.get(`${pathOf(realm, 'group-by-path')}/${pathOf(...partsOf(path))}`);
  return isFields(found) ? found : null;
}

function give(
  realm: string,
  uuid: string,
  roles: { readonly from: RoleMappings; readonly to: RoleMappings },
  to: Parameters<typeof writeRoles>[0]['to'],
): Promise<void> {
  return writeRoles({ realm, base: pathOf(realm, 'groups', uuid), to }, roles.from, roles.to);
}

async function needParent(realm: string, parts: readonly string[], from: KeycloakReader): Promise<string> {
  const path = `/${parts.slice(0, -1).join('/')}`;
  const parent = await groupAt(realm, path, from);
  if (parent) return idOf(parent);
  throw new CairnError(problem('keycloak-owner-missing', `realm ${realm} has no group ${path} for ${parts.at(-1)}`));
}

function partsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1);
  if (path.startsWith('/') && parts.every((part) => part !== '')) return parts;
  throw new TypeError(`a group is named by its path, like /staff/developers, not "${path}"`);
}
