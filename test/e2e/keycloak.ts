import { openKeycloak } from '../../src/connect/keycloak/open.ts';
import type { KeycloakWriter } from '../../src/model/keycloak.ts';
import { Secret } from '../../src/model/secret.ts';
import { secretValue } from './rig.ts';

/** Where this machine finds the throw-away world's authority. */
export const authorityFile = '/usr/local/share/ca-certificates/cairn.crt';

/** The admin API of the throw-away cluster's Keycloak, for an administrator who isn't Cairn. */
export async function openSso(): Promise<KeycloakWriter> {
  const password = new Secret(await secretValue('keycloak', 'keycloak-admin', 'password'));
  const url = 'https://keycloak.cairn.localhost';
  const login = { user: 'admin', password, realm: 'master' };
  return openKeycloak({ kind: 'endpoint', type: 'keycloak', name: 'sso', url, ca: authorityFile, login }, true);
}
