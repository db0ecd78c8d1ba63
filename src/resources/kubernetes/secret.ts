import type { Input } from '../../model/deferred.ts';
import type { More, Resource } from '../../model/resource.ts';
import type { Secret } from '../../model/secret.ts';
import { Generated, generatedType } from './generated.ts';
import { issued } from './issued.ts';
import type { InNamespace } from './kinds.ts';
import { declareObject } from './object.ts';
import type { SecretOut } from './out.ts';

export interface SecretSpec<K extends string> extends InNamespace {
  /** Plain text; it travels as base64, and shows nowhere. `generated(bytes)` is made once and kept. */
  readonly data: Readonly<Record<K, Input<string> | Input<Secret> | Generated>>;
  /** Default `Opaque`. */
  readonly type?: string;
}

/** A Secret. `out.data[key]` gives each value to other resources, as a Secret. */
export function secret<const K extends string>(spec: SecretSpec<K>, more?: More): Resource<SecretOut<K>> {
  const { namespace, name, labels, annotations, data, type } = spec;
  if (Object.values(data).some((value) => value instanceof Generated)) {
    const { namespace: _, name: _name, ...want } = spec;
    return issued<SecretOut<K>>(generatedType, { namespace, name }, want, more);
  }
  const metadata = {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  const want = {
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    stringData: data,
    ...(type === undefined ? {} : { type }),
  };
  return declareObject<SecretOut<K>>({ apiVersion: 'v1', kind: 'Secret', namespace, name }, want, more);
}
