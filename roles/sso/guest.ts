import { randomBytes } from 'node:crypto';
import { keycloak, Secret, type VarsOf } from '@cairnhq/cairn';
import { groupPath, type sso } from './index.ts';

/** Somebody who is in a realm for one check. */
export interface Guest {
  readonly user: string;
  /** Known to the check alone. */
  readonly password: string;
}

/** A user for a scratch check, in the group whose members may come in, or a stranger to it. */
export function guest(vars: VarsOf<typeof sso>, place: 'member' | 'stranger') {
  const user = `cairn-probe-${place}-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(18).toString('base64url');
  const account = keycloak.user({
    realm: vars.realm,
    username: user,
    email: `${user}@example.org`,
    emailVerified: true,
    firstName: 'Cairn',
    lastName: 'Probe',
    groups: place === 'member' ? [groupPath(vars)] : [],
    initialPassword: new Secret(password),
  });
  return { who: { user, password } satisfies Guest, account };
}
