import { role, T, type VarsOf } from '@cairnhq/cairn';

/** A registry of images that asks for a login: the cluster's own behind the gateway, or a site's, which may be a project of a Harbor. */
export const registry = role(import.meta, {
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** Empty: the one that steps/images provides. */
  image: T.String(),
  /** Size of the claim for images. */
  storage: T.String({ pattern: '^[0-9]+[MGT]i$' }),
  /** The name before each image: `HOST/PROJECT/NAME:TAG`. */
  host: T.String({ format: 'hostname' }),
  /** Who may push and pull; nobody else may do either. In a Harbor the name of a robot. */
  user: T.String({ pattern: '^[a-z][a-z0-9_.-]*$' }),
  /** The project of a Harbor that images go into, made with its robot: the component names an endpoint `harbor`. Empty: another registry. */
  harborProject: T.String({ pattern: '^([a-z0-9]+([._-][a-z0-9]+)*)?$' }),
  /** What that Harbor puts before the names of robots. */
  robotPrefix: T.String({ minLength: 1 }),
});

/** Who logs in: `cairn`, or as a Harbor calls the robot, `robot$python+cairn`. */
export function userOf({ user, harborProject, robotPrefix }: VarsOf<typeof registry>): string {
  return harborProject === '' ? user : `${robotPrefix}${harborProject}+${user}`;
}

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
