import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KubeObject } from '../../model/kube.ts';
import { Secret } from '../../model/secret.ts';
import { annotations, markOn } from './apply/marks.ts';
import { isFields } from './compare/json.ts';
import { type ObjectId, titleOf } from './id.ts';
import { keyedHash } from './kinds/hash.ts';
import type { Live } from './live.ts';

/** What other resources may use of any object. */
export interface ObjectOut {
  readonly uid: string;
  /** Another one after each change, whoever made it: what reads an object only at its start is renewed by it. */
  readonly resourceVersion: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: unknown;
  readonly status: unknown;
  readonly data: unknown;
  /**
   * A keyed hash of what a ConfigMap or a Secret holds, of other kinds of their spec: another one when that changes, and when
   * a run took back what somebody else had put there.
   */
  readonly fingerprint: string;
}

/** Of a Secret: its data, decoded. */
export interface SecretOut<K extends string = string> extends Omit<ObjectOut, 'data'> {
  readonly data: Readonly<Record<K, Secret>>;
}

/** The useful fields of an object; the data of a Secret as secrets, decoded from base64. */
export function outOf({ object }: Live, id: ObjectId): ObjectOut {
  demandKeys(object, id);
  const { metadata, kind, spec, status, data } = object;
  return {
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    name: metadata.name,
    namespace: metadata.namespace,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    spec,
    status,
    data: kind === 'Secret' ? secretData(object) : data,
    fingerprint: keyedHash('content', {
      data,
      binaryData: object.binaryData,
      spec,
      repaired: markOn(object, annotations.repaired),
    }),
  };
}

function demandKeys({ data }: KubeObject, id: ObjectId): void {
  const there = isFields(data) ? data : {};
  const missing = id.keys?.filter((key) => there[key] === undefined) ?? [];
  if (missing.length === 0) return;
  const keys = Object.keys(there).join(', ') || 'none';
  throw new CairnError(
    problem('no-such-key', `${titleOf(id)} has no key ${missing.join(', ')}`, { help: `its keys: ${keys}` }),
  );
}

function secretData({ data }: KubeObject): Readonly<Record<string, Secret>> {
  if (!isFields(data)) return {};
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, new Secret(Buffer.from(String(value), 'base64').toString())]),
  );
}
