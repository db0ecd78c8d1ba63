import { randomBytes } from 'node:crypto';
import type { AnyType, More, Resource } from '../../model/resource.ts';
import { type IssuedId, issued, issuedType } from './issued.ts';
import type { SecretOut } from './out.ts';

interface Want {
  /** Bytes of randomness by key. */
  readonly keys: Readonly<Record<string, number>>;
}

/** A Secret with random values, made once and then kept; only a key that is missing is made. */
export const generatedType = issuedType<Want>({
  name: 'kubernetes/generated',
  secretType: 'Opaque',
  refuse(data, want) {
    const missing = Object.keys((want as Want).keys).filter((key) => data[key] === undefined);
    return missing.length === 0 ? null : `makes ${missing.join(', ')}`;
  },
  issue: ({ keys }, data) =>
    Promise.resolve(
      Object.fromEntries(
        Object.entries(keys).map(([key, bytes]) => [key, data?.[key] ?? randomBytes(bytes).toString('base64url')]),
      ),
    ),
}) as unknown as AnyType;

/** Declares a Secret of random values, URL-safe text: `k8s.generated({ namespace, name, keys: { password: 24 } })`. */
export function generated<const K extends string>(
  spec: IssuedId & { readonly keys: Readonly<Record<K, number>> },
  more?: More,
): Resource<SecretOut<K>> {
  const { keys, ...id } = spec;
  return issued<SecretOut<K>>(generatedType, id, { keys }, more);
}
