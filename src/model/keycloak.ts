/** What Keycloak did with a change. `conflict`: such a thing is there already, or it is gone. */
export type KeycloakWritten = { readonly is: 'written'; readonly id?: string } | { readonly is: 'conflict' };

/**
 * Reads a Keycloak server as an administrator. Paths are those of the admin API beneath `/admin/realms`, each part escaped:
 * `shop/clients?clientId=web`. Rejects with a CairnError: `http-unreachable`, `keycloak-unauthorized`,
 * `keycloak-forbidden`, `keycloak-refused`, `keycloak-failed`.
 */
export interface KeycloakReader {
  /** What is there, as parsed JSON; null when nothing is. */
  get(path: string): Promise<unknown>;
  /** The server's identity: the id of the realm that was logged in to, made with the server's database. */
  identity(): Promise<string>;
}

/** Bodies are sent as JSON; secrets in them are revealed on the wire alone. */
export interface KeycloakWriter extends KeycloakReader {
  /** POST; the id of what was made, where the server gives one. */
  create(path: string, body: unknown): Promise<KeycloakWritten>;
  /** PUT; what the body leaves out stays as it is. */
  update(path: string, body: unknown): Promise<KeycloakWritten>;
  /** DELETE; some paths take a list of what goes. */
  remove(path: string, body?: unknown): Promise<KeycloakWritten>;
}
