import { laterIn, type Planned } from '../../model/deferred.ts';
import {
  type AnyType,
  declare,
  type FieldChange,
  type More,
  type Owned,
  type Resource,
  type ResourceType,
} from '../../model/resource.ts';
import type { Secret } from '../../model/secret.ts';
import type { ObjectId } from './id.ts';
import type { Live } from './live.ts';
import { annotations } from './marks.ts';
import { objectType } from './object.ts';
import { outOf, type SecretOut } from './out.ts';

/** A Secret whose values Cairn makes itself: kept as long as they are acceptable, made anew otherwise. */
export interface Issuer<Want> {
  /** Name of the resource type. */
  readonly name: string;
  /** The Secret's `type`. */
  readonly secretType: string;
  /** Null while the values are acceptable, else why they must be made anew. Pure. */
  refuse(data: Readonly<Record<string, Secret>>, want: Planned<Want>): string | null;
  issue(want: Want, data: Readonly<Record<string, Secret>> | null): Promise<Readonly<Record<string, string | Secret>>>;
}

export interface IssuedId {
  readonly namespace: string;
  readonly name: string;
}

type IssuedType<Want> = ResourceType<'kubernetes', IssuedId, Want, Live, SecretOut>;

function secretId({ namespace, name }: IssuedId): ObjectId {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name };
}

/** The resource type of one issuer: a Secret in everything but where its data comes from. */
export function issuedType<Want>({ name, secretType, refuse, issue }: Issuer<Want>): IssuedType<Want> {
  const { codec, compare, fields, loss } = objectType;
  return {
    name,
    version: 1,
    on: 'kubernetes',
    identity: ['namespace', 'name'],
    codec,
    address: (id) => objectType.address(secretId(id)),
    title: (id) => objectType.title(secretId(id)),
    phase: () => 2,
    read: (id, from) => objectType.read(secretId(id), from),
    merge: (id, _, live, __, { takeOver = [] }) => {
      const object = live?.object ?? { apiVersion: 'v1', kind: 'Secret', metadata: { ...id } };
      return Promise.resolve({ live: { object, notes: { takeOver, immutable: [] } }, certainty: 'exact' });
    },
    diff(live, want, merged) {
      if (live === null || want === null) return { changes: [change('made')], foreign: [] };
      const why = refuse(dataOf(live), want);
      if (why === null) return { changes: [], foreign: [] };
      const foreign = merged?.notes?.takeOver.includes('data') ? [] : othersOf(live);
      const { type } = live.object;
      if (type !== secretType) return { changes: [{ ...replaced, before: String(type), after: secretType }], foreign };
      const waits = laterIn(want).length > 0;
      return { changes: [waits ? { path: 'data', how: 'later', secret: true } : change(why)], foreign };
    },
    async write({ id, want, live, options }, to) {
      const data = want === null ? null : await issue(want, live && dataOf(live));
      const spec = data === null ? null : { type: secretType, stringData: data };
      return objectType.write({ id: secretId(id), want: spec, live, options }, to);
    },
    restore: ({ id, before, live }, to) => objectType.restore({ id: secretId(id), before, live }, to),
    compare: (a, b) => compare(a, b),
    ...(fields ? { fields } : {}),
    out: (live, id) => outOf(live, secretId(id)) as unknown as SecretOut,
    loss: (id, live, from) => loss(secretId(id), live, from),
  };
}

// A Secret's type can't be changed in place.
const replaced: FieldChange = { path: 'type', how: 'replace', secret: false };

// Values that we never wrote are somebody's own, and no reason to make them anew.
function othersOf({ object: { metadata } }: Live): readonly Owned[] {
  if (metadata.annotations?.[annotations.applied] !== undefined) return [];
  const owner = metadata.managedFields?.find(({ fieldsV1 }) => fieldsV1?.['f:data'] !== undefined)?.manager;
  return [{ path: 'data', owner: owner ?? 'somebody else' }];
}

function change(note: string): FieldChange {
  return { path: 'data', how: 'update', secret: true, note };
}

function dataOf(live: Live): Readonly<Record<string, Secret>> {
  return (outOf(live, { apiVersion: 'v1', kind: 'Secret', name: '' }) as unknown as SecretOut).data;
}

/** Declares a resource of an issued type. */
export function issued<Out>(type: AnyType, id: IssuedId, want: unknown, more?: More): Resource<Out> {
  return declare<Out>(type, 'managed', id, want, more);
}
