import { role, T } from '@cairnhq/cairn';

/** A registry of images that asks for a login, behind the gateway under one name for pods, nodes and people. */
export const registry = role(import.meta, {
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** Empty: the one that steps/images provides. */
  image: T.String(),
  /** Size of the claim for images. */
  storage: T.String({ pattern: '^[0-9]+[MGT]i$' }),
  /** The name before each image: `HOST/PROJECT/NAME:TAG`. */
  host: T.String({ format: 'hostname' }),
  /** Who may push and pull; nobody else may do either. */
  user: T.String({ pattern: '^[a-z][a-z0-9_.-]*$' }),
});

/** The names of what this role's steps make. */
export const names = {
  /** Deployment, Service, claim and route. */
  server: 'registry',
  /** Secret with `user` and `password`. */
  login: 'registry-login',
  /** Secret with the same as a pod's `imagePullSecrets` want it. */
  pull: 'registry-pull',
  port: 5000,
} as const;
