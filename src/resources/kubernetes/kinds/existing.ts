import type { Resource } from '../../../model/resource.ts';
import type { ObjectId } from '../id.ts';
import { declareObject } from '../object.ts';
import type { ObjectOut, SecretOut } from '../out.ts';

/** Reads an object that an earlier step, or somebody else, made. */
function existingObject(id: ObjectId): Resource<ObjectOut> {
  return declareObject(id, null, undefined, 'existing');
}

/** Reads named keys of a Secret; a key that isn't there is an error, code `no-such-key`. */
function existingSecret<const K extends string>(spec: {
  readonly namespace: string;
  readonly name: string;
  readonly keys: readonly K[];
}): Resource<SecretOut<K>> {
  const { namespace, name, keys } = spec;
  return declareObject<SecretOut<K>>(
    { apiVersion: 'v1', kind: 'Secret', namespace, name, keys },
    null,
    undefined,
    'existing',
  );
}

export const existing = { object: existingObject, secret: existingSecret };
