import { role, T } from '@cairnhq/cairn';

/** An object store that speaks S3 (MinIO), for what workflows leave. */
export const objectStore = role(import.meta, {
  namespace: T.String({ pattern: '^[a-z0-9-]+$' }),
  /** Empty: the one that steps/images provides. */
  image: T.String(),
  /** Size of the claim for objects. */
  storage: T.String({ pattern: '^[0-9]+[MGT]i$' }),
  /** The name by which machines outside the cluster reach it, over the gateway. */
  host: T.String({ format: 'hostname' }),
  /** Who may do everything; nobody else may do anything. */
  user: T.String({ pattern: '^[A-Za-z0-9_-]{3,}$' }),
  /** For artifacts of workflows. */
  bucket: T.String({ pattern: '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$' }),
});

/** The names of what this role's steps make. */
export const names = {
  /** Deployment, Service, claim and route. */
  server: 'minio',
  /** Secret with `user` and `password`. */
  login: 'minio-login',
  port: 9000,
} as const;

/** Where pods reach it, without TLS: `minio.minio.svc.cluster.local:9000`. */
export function endpointOf({ namespace }: { readonly namespace: string }): string {
  return `${names.server}.${namespace}.svc.cluster.local:${names.port}`;
}
