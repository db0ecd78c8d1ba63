import type { VarsOf, WorldReader } from '@cairnhq/cairn';
import { type gateway, names } from './index.ts';

/** What is asked through the gateway: HTTP, and the cluster for whom to trust. Actions and checks both have it. */
export interface Outside {
  readonly http: WorldReader['http'];
  readonly kube: Pick<WorldReader['kube'], 'get'>;
}

/** The certificate of the local authority as PEM; undefined where a public one signs. */
export async function authority(
  { namespace }: Pick<VarsOf<typeof gateway>, 'namespace'>,
  { kube }: Pick<Outside, 'kube'>,
): Promise<string | undefined> {
  const map = await kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: names.authority });
  const data = map?.data as Readonly<Record<string, string>> | undefined;
  return data?.['ca.crt'];
}
