import { role, secret, T, type VarsOf } from '@cairnhq/cairn';

/** Single sign-on: the Keycloak that people log in at, and the realm that knows them. */
export const sso = role(import.meta, {
  /** Of a Keycloak that `platform/50_keycloak` makes. */
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** An image that was made ready for `kc.sh start --optimized`; empty: the one that steps/images builds. */
  image: T.String(),
  /** By which browsers and pods alike know it, without a slash at the end. */
  url: T.String({ pattern: '^https://[^/]+(/.*[^/])?$' }),
  /** Size of the claim for its database. */
  storage: T.String({ pattern: '^[0-9]+[MGT]i$' }),
  /** Left out: one is made, and kept. */
  adminPassword: T.Optional(secret()),
  realm: T.String({ pattern: '^[A-Za-z0-9_-]+$' }),
  /** The group of the realm whose members may use what stands behind a login. */
  group: T.String({ pattern: '^[A-Za-z0-9_-]+$' }),
  /** Somebody who is made in it, with a password that is made, too; empty: nobody. */
  user: T.String({ pattern: '^([a-z][a-z0-9_.-]*)?$' }),
  /** File of a host that gets that password, for its root alone; empty: none. */
  passwordFile: T.String(),
});

/** The names of what this role's steps make. */
export const names = {
  /** Deployment, Service and HTTPRoute. */
  server: 'keycloak',
  claim: 'keycloak-data',
  /** Secret with the administrator's password. */
  admin: 'keycloak-admin',
  /** Secret with the server's settings. */
  settings: 'keycloak-settings',
  /** Secret with the first password of the user who is made. */
  user: 'keycloak-user',
  port: 8080,
  /** Where it says how it is. */
  management: 9000,
} as const;

type Vars = VarsOf<typeof sso>;

/** What tokens name as their origin: one URL for browsers and pods. */
export function issuerOf({ url, realm }: Pick<Vars, 'url' | 'realm'>): string {
  return `${url}/realms/${realm}`;
}

/** The path of the group whose members may come in. */
export function groupPath({ group }: Pick<Vars, 'group'>): string {
  return `/${group}`;
}
