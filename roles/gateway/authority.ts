import { probe, type VarsOf, type WorldReader } from '@cairnhq/cairn';
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

/** Where that certificate stands, for what reads it by itself. */
export function authorityKey({ namespace }: Pick<VarsOf<typeof gateway>, 'namespace'>) {
  return { kind: 'ConfigMap', namespace, name: names.authority, key: 'ca.crt' } as const;
}

/** Whom to trust at the gateway: the certificate of the local authority as PEM, empty where a public one signs. */
export function signer(vars: Pick<VarsOf<typeof gateway>, 'namespace'>) {
  return probe({
    id: 'who signs for the gateway',
    looksAt: [`ConfigMap/${vars.namespace}/${names.authority}`],
    read: async ({ kube }) => ({ certificate: (await authority(vars, { kube })) ?? '' }),
  });
}
