import { type AnyType, declare, type Mode, type More, type Resource, type ResourceType } from '../../model/resource.ts';
import type { Want } from './apply/compose.ts';
import { essenceOf } from './apply/marks.ts';
import { mergeObject } from './apply/merge.ts';
import { compareObjects } from './compare/compare.ts';
import { diffObject, removal } from './compare/diff.ts';
import { leavesOf } from './compare/leaves.ts';
import { listKeysOf } from './compare/list-keys.ts';
import { holds } from './holds.ts';
import { addressOf, idOf, type ObjectId, phaseOf, titleOf } from './id.ts';
import { letGoOf } from './let-go.ts';
import { type Live, lastRunOf, liveCodec } from './live.ts';
import { lossOf } from './loss.ts';
import { type ObjectOut, outOf } from './out.ts';
import { marksOn } from './owned.ts';
import { readObject, servedNow } from './read.ts';
import { evidenceOf } from './ready/evidence.ts';
import { readiness } from './ready/readiness.ts';
import { removeObject } from './remove.ts';
import { restoreObject } from './restore.ts';
import { writeObject } from './write.ts';

type ObjectType = ResourceType<'kubernetes', ObjectId, Want, Live, ObjectOut>;

/** Any object of any kind, by server-side apply. */
export const objectType: ObjectType = {
  name: 'kubernetes/object',
  version: 1,
  on: 'kubernetes',
  identity: ['apiVersion', 'kind', 'namespace', 'name'],
  takesInitially: true,
  codec: liveCodec,
  address: addressOf,
  title: titleOf,
  phase: phaseOf,
  read: readObject,
  servedNow,
  merge: (id, want, live, from, options) => mergeObject(id, want, { live, from, options }),
  diff: (live, want, merged) => {
    if (want === null) return live ? removal(live) : { changes: [], foreign: [] };
    const shown = (live ?? merged)?.object;
    return diffObject(shown ? idOf(shown) : nobody, live, want, merged);
  },
  write: ({ id, want, live, options }, to) => {
    if (want !== null) return writeObject({ id, want, live, options }, to);
    return live ? removeObject(id, live.object, to, options.patience) : Promise.resolve({ is: 'written', live: null });
  },
  restore: restoreObject,
  letGo: letGoOf,
  fields: ({ object }) => leavesOf(essenceOf(object), listKeysOf(object)).map(({ path, after }) => [path, after]),
  marks: ({ object }) => marksOn(object),
  compare: (a, b) => compareObjects(a?.object ?? null, b?.object ?? null),
  lastRun: lastRunOf,
  out: outOf,
  loss: lossOf,
  holds,
  ready: (_, { object }, from, look) => readiness(object, from, look),
  evidence: (_, { object }, from) => evidenceOf(object, from),
};

const nobody: ObjectId = { apiVersion: '', kind: '', name: '' };

/** An object as one would write it in YAML; anything but what names it may be known later. */
export interface ObjectSpec {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

/** Declares an object of any kind. */
export function object<const S extends ObjectSpec>(spec: S, more?: More): Resource<ObjectOut> {
  const { apiVersion, kind, metadata, ...fields } = spec;
  const { name, namespace, ...rest } = metadata;
  const want = Object.keys(rest).length > 0 ? { metadata: rest, ...fields } : fields;
  return declareObject({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }, want, more);
}

/** The same with id and wish apart; `Out` is what the caller knows about the kind. */
export function declareObject<Out = ObjectOut>(
  id: ObjectId,
  want: Want | null,
  more?: More,
  mode: Mode = 'managed',
): Resource<Out> {
  return declare<Out>(objectType as unknown as AnyType, mode, id, want, more);
}
