import type { AnyType } from '../../model/resource.ts';
import { client } from './client.ts';
import { clientScope } from './client-scope.ts';
import { group } from './group.ts';
import { protocolMapper } from './protocol-mapper.ts';
import { realm } from './realm.ts';
import { clientRole, realmRole } from './role.ts';
import { user } from './user.ts';

/** Every resource type of Keycloak. */
export const keycloakTypes: readonly AnyType[] = [
  realm.type,
  client.type,
  clientScope.type,
  protocolMapper.type,
  realmRole.type,
  clientRole.type,
  group.type,
  user.type,
];
