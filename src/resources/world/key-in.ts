import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KubeReader } from '../../model/kube.ts';
import { Secret } from '../../model/secret.ts';

/** A key of a Secret or a ConfigMap in the step's cluster, for what is needed before anything can be read. */
export interface KeyIn {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** Its value, known as a secret to whatever prints where a Secret holds it; null while the object isn't there. */
export async function textIn(
  { kind, namespace, name, key }: KeyIn,
  { kube }: { readonly kube: Pick<KubeReader, 'get'> },
): Promise<string | null> {
  const found = await kube.get({ apiVersion: 'v1', kind, namespace, name });
  if (!found) return null;
  const value = ((found.data ?? {}) as Readonly<Record<string, unknown>>)[key];
  if (typeof value !== 'string')
    throw new CairnError(problem('no-such-key', `${kind} ${namespace}/${name} has no key ${key}`));
  if (kind === 'ConfigMap') return value;
  const text = Buffer.from(value, 'base64').toString();
  new Secret(text);
  return text;
}
