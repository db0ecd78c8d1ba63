import type { ClusterTarget } from './project.ts';
import type { Secret } from './secret.ts';

/** How the inventory describes one sort of service. */
interface Service {
  /** For people. */
  readonly title: string;
  /** Keys that it needs besides `type`. */
  readonly needs: readonly string[];
  /** Keys that it may have besides those that all have. */
  readonly may?: readonly string[];
  /** Where it is unless the inventory says otherwise. */
  readonly url?: string;
  /** The key of its password; default `password`. */
  readonly secret?: 'token';
}

/** Services with an API of their own: each is the port that its resources are written through, too. */
export const services = {
  keycloak: { title: 'Keycloak', needs: ['url', 'user', 'password'], may: ['realm'] },
  github: { title: 'GitHub', needs: ['token'], url: 'https://api.github.com', secret: 'token' },
  harbor: { title: 'Harbor', needs: ['url', 'user', 'password'] },
} as const satisfies Readonly<Record<string, Service>>;

export type EndpointType = keyof typeof services;

export const endpointTypes = Object.keys(services) as readonly EndpointType[];

/** What the inventory says of a sort of service. */
export function serviceOf(type: EndpointType): Service {
  return services[type];
}

/** True for the name of a port that is a service. */
export function isEndpointType(name: string): name is EndpointType {
  return name in services;
}

/** A service with an API of its own. Its type is the port that its resources are written through. */
export interface EndpointTarget {
  readonly kind: 'endpoint';
  /** Its name in the inventory. */
  readonly name: string;
  readonly type: EndpointType;
  /** `https://sso.example.com`, with its path where it has one, without a slash at the end. */
  readonly url: string;
  /** Connect to this address instead of asking the resolver: `127.0.0.1:8443`. */
  readonly connectTo?: string;
  /** Absolute path of the authorities to trust besides the system's, PEM; read when it is connected to. */
  readonly ca?: string;
  readonly login: EndpointLogin;
  /** Pinned identity; without one the first that answers is pinned in local state. */
  readonly identity?: string;
  /** The step that makes it; until then it is absent and everything in it is predicted. */
  readonly providedBy?: string;
}

export interface EndpointLogin {
  /** Empty where a token says who comes. */
  readonly user: string;
  /** Or the token. */
  readonly password: Secret | SecretOfCluster;
  /** The realm in which a Keycloak knows the administrator; empty for others. */
  readonly realm: string;
}

/** A key of a Secret, read when its value is needed: it may be made in the same run. */
export interface SecretOfCluster {
  readonly cluster: ClusterTarget;
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** A service whose password is known. */
export type KnownEndpoint = EndpointTarget & { readonly login: { readonly password: Secret } };

/** The services that a component uses: one of each type. */
export type Endpoints = Readonly<Partial<Record<EndpointType, EndpointTarget>>>;
