import { laterIn, type Planned } from '../../../model/deferred.ts';
import {
  type AnyType,
  declare,
  type FieldChange,
  type More,
  type Owned,
  type Resource,
  type ResourceType,
} from '../../../model/resource.ts';
import type { Secret } from '../../../model/secret.ts';
import { appliedTo } from '../apply/marks.ts';
import { idOf, type ObjectId } from '../id.ts';
import { type Live, lastRunOf } from '../live.ts';
import { objectType } from '../object.ts';
import { outOf, type SecretOut } from '../out.ts';
import { type Dress, diffDress } from './dress.ts';

/** A Secret whose values Cairn makes itself: kept as long as they are acceptable, made anew otherwise. */
export interface Issuer<Want> {
  /** Name of the resource type. */
  readonly name: string;
  /** The Secret's `type`, where the wish has none. */
  readonly secretType: string;
  /** What the wish says besides the values. */
  rest?(want: Planned<Want>): Rest;
  /** Null while the values are acceptable, else why they must be made anew. Pure. */
  refuse(data: Readonly<Record<string, Secret>>, want: Planned<Want>): string | null;
  issue(want: Want, data: Readonly<Record<string, Secret>> | null): Promise<Readonly<Record<string, string | Secret>>>;
}

interface Rest extends Dress {
  readonly type?: string;
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
export function issuedType<Want>({ name, secretType, rest, refuse, issue }: Issuer<Want>): IssuedType<Want> {
  const { codec, compare, fields, letGo, loss, marks } = objectType;
  const restOf = (want: Planned<Want>): Rest => rest?.(want) ?? {};
  return {
    name,
    version: 1,
    on: 'kubernetes',
    identity: ['namespace', 'name'],
    codec,
    address: (id) => objectType.address(secretId(id)),
    title: (id) => objectType.title(secretId(id)),
    phase: () => 2,
    lastRun: lastRunOf,
    read: (id, from) => objectType.read(secretId(id), from),
    merge: (id, _, live, __, { takeOver = [] }) => {
      const object = live?.object ?? { apiVersion: 'v1', kind: 'Secret', metadata: { ...id } };
      return Promise.resolve({ live: { object, notes: { takeOver, immutable: [], clashes: [] } }, certainty: 'exact' });
    },
    diff(live, want, merged) {
      if (live === null || want === null) return { changes: [change('made')], foreign: [] };
      const why = refuse(dataOf(live), want);
      const { type = why === null ? live.object.type : secretType, ...dress } = restOf(want);
      const outside = diffDress(idOf(live.object), live, dress, merged?.notes?.takeOver);
      const taken = merged?.notes?.takeOver.includes('data') === true;
      const foreign = [...outside.foreign, ...(why === null || taken ? [] : othersOf(live))];
      if (type !== live.object.type)
        return {
          ...outside,
          changes: [{ ...replaced, before: String(live.object.type), after: String(type) }],
          foreign,
        };
      const waits = laterIn(want).length > 0;
      const inside = waits ? { path: 'data', how: 'later' as const, secret: true } : change(why ?? '');
      return { ...outside, changes: [...(why === null ? [] : [inside]), ...outside.changes], foreign };
    },
    async write({ id, want, live, options }, to) {
      if (want === null) return objectType.write({ id: secretId(id), want: null, live, options }, to);
      const stringData = await issue(want, live && dataOf(live));
      const isKept = live !== null && refuse(dataOf(live), want as Planned<Want>) === null;
      const { type = isKept ? live.object.type : secretType, ...metadata } = restOf(want as Planned<Want>);
      const spec = { ...(Object.keys(metadata).length > 0 ? { metadata } : {}), type, stringData };
      return objectType.write({ id: secretId(id), want: spec, live, options }, to);
    },
    restore: ({ id, before, live }, to) => objectType.restore({ id: secretId(id), before, live }, to),
    compare: (a, b) => compare(a, b),
    ...(fields ? { fields } : {}),
    ...(marks ? { marks } : {}),
    ...(letGo ? { letGo: ({ id, live }, to) => letGo({ id: secretId(id), live }, to) } : {}),
    out: (live, id) => outOf(live, secretId(id)) as unknown as SecretOut,
    loss: (id, live, from) => loss(secretId(id), live, from),
  };
}

// A Secret's type can't be changed in place.
const replaced: FieldChange = { path: 'type', how: 'replace', secret: false };

// Values that we never wrote are somebody's own, and no reason to make them anew.
function othersOf({ object }: Live): readonly Owned[] {
  if (appliedTo(object) !== undefined) return [];
  const owner = object.metadata.managedFields?.find(({ fieldsV1 }) => fieldsV1?.['f:data'] !== undefined)?.manager;
  return [{ path: 'data', owner: owner ?? 'somebody else' }];
}

function change(note: string): FieldChange {
  return { path: 'data', how: 'update', secret: true, note };
}

/** The values of a Secret, decoded. */
export function dataOf(live: Live): Readonly<Record<string, Secret>> {
  return (outOf(live, { apiVersion: 'v1', kind: 'Secret', name: '' }) as unknown as SecretOut).data;
}

/** Declares a resource of an issued type. */
export function issued<Out>(type: AnyType, id: IssuedId, want: unknown, more?: More): Resource<Out> {
  return declare<Out>(type, 'managed', id, want, more);
}
