import type { KnownEndpoint } from '../../model/endpoint.ts';
import type { KeycloakWriter } from '../../model/keycloak.ts';
import { http } from '../http/http.ts';
import { wayTo } from '../http/way.ts';
import { KeycloakAdmin } from './admin.ts';

// Milliseconds: the first request after a start makes it read its database.
const patience = 60_000;

/** The admin API of an endpoint. Nothing is contacted yet. @throws CairnError `ca-missing` */
export function openKeycloak(target: KnownEndpoint, mayWrite: boolean): KeycloakWriter {
  return new KeycloakAdmin(target, { http, way: wayTo(target, patience), mayWrite, now: Date.now });
}
