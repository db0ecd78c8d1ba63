import { existsSync, readFileSync } from 'node:fs';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KeycloakWriter } from '../../model/keycloak.ts';
import type { KnownEndpoint } from '../../model/project.ts';
import { http } from '../http/http.ts';
import { KeycloakAdmin } from './admin.ts';

// Milliseconds: the first request after a start makes it read its database.
const patience = 60_000;

/** The admin API of an endpoint. Nothing is contacted yet. @throws CairnError `ca-missing` */
export function openKeycloak(target: KnownEndpoint, mayWrite: boolean): KeycloakWriter {
  const { ca, connectTo } = target;
  const way = {
    timeout: patience,
    ...(ca === undefined ? {} : { ca: readCa(target.name, ca) }),
    ...(connectTo === undefined ? {} : { connectTo }),
  };
  return new KeycloakAdmin(target, { http, way, mayWrite, now: Date.now });
}

function readCa(name: string, file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new CairnError(
    problem('ca-missing', `the authorities that sign for ${name} are not there: ${file}`, {
      help: 'look at ca in endpoints.yaml of the inventory',
    }),
  );
}
