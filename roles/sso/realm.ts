import { k8s, keycloak, type Resource, type VarsOf } from '@cairnhq/cairn';
import { groupPath, names, type sso } from './index.ts';

type Vars = VarsOf<typeof sso>;

/** A realm, the group whose members may come in, and somebody in it. */
export function people(vars: Vars): Readonly<Record<string, Resource<unknown>>> {
  const { namespace } = vars;
  const inside = k8s.existing.object({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    namespace,
    name: names.claim,
  });
  const realm = keycloak.realm(
    {
      realm: vars.realm,
      displayName: 'Single sign-on',
      enabled: true,
      registrationAllowed: false,
      resetPasswordAllowed: false,
      // somebody who guesses passwords has to wait longer and longer
      bruteForceProtected: true,
      sslRequired: 'external',
    },
    { inside },
  );
  const group = keycloak.group({ realm: vars.realm, path: groupPath(vars) }, { after: [realm], inside });
  return { realm, group, ...(vars.user === '' ? {} : somebody(vars, { group, inside })) };
}

// Whoever has a first password may choose another: what is made here is only that.
function somebody(vars: Vars, { group, inside }: { group: Resource<unknown>; inside: Resource<unknown> }) {
  const { realm, user: username } = vars;
  const login = k8s.secret({
    namespace: vars.namespace,
    name: names.user,
    data: { password: k8s.generated(12) },
  });
  const user = keycloak.user(
    {
      realm,
      username,
      email: `${username}@${new URL(vars.url).hostname}`,
      emailVerified: true,
      firstName: username,
      lastName: vars.group,
      groups: [groupPath(vars)],
      initialPassword: login.out.data.password,
    },
    { after: [group], inside },
  );
  return { login, user };
}
