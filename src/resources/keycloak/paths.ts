import type { KeycloakReader } from '../../model/keycloak.ts';
import { type Fields, isFields } from '../thing/fields.ts';

/** A path of the admin API from its parts, each escaped. */
export function pathOf(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join('/');
}

/** What an address is made of: no part may hold a space or end it early. */
export function addressOf(kind: string, ...parts: readonly string[]): string {
  return `${kind}/${pathOf(...parts)}`;
}

/** The representations of a list. */
export async function listAt(path: string, from: KeycloakReader): Promise<readonly Fields[]> {
  const found = await from.get(path);
  return Array.isArray(found) ? found.filter(isFields) : [];
}

/** The id that the server gave to a representation. */
export function idOf({ id }: Fields): string {
  return String(id);
}

/** A client by its clientId; null where the realm has none of it. */
export async function clientAt(realm: string, clientId: string, from: KeycloakReader): Promise<Fields | null> {
  const found = await listAt(`${pathOf(realm, 'clients')}?clientId=${encodeURIComponent(clientId)}`, from);
  return found.find((one) => one.clientId === clientId) ?? null;
}

/** A scope of clients by its name. */
export async function scopeAt(realm: string, name: string, from: KeycloakReader): Promise<Fields | null> {
  return (await listAt(pathOf(realm, 'client-scopes'), from)).find((one) => one.name === name) ?? null;
}
