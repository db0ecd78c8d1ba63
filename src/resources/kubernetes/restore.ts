import type { KubeObject, KubeWriter, KubeWritten } from '../../model/kube.ts';
import type { Patience } from '../../model/ready.ts';
import type { Written } from '../../model/resource.ts';
import { withScale } from './apply/scale.ts';
import { isAsItWas, worldEdits } from './compare/compare.ts';
import { isEqual, isFields } from './compare/json.ts';
import { idOf, type ObjectId } from './id.ts';
import type { Live } from './live.ts';
import { withOwners } from './owned.ts';
import { readNow } from './read.ts';
import { removeObject } from './remove.ts';

const mostTries = 8;

/**
 * Gives an object its old form back: old values, then old owners. Two requests, because a write of values makes its writer
 * their owner, and giving up ownership would remove the fields.
 */
export async function restoreObject(
  { id, before, live, patience }: { id: ObjectId; before: Live | null; live: Live | null; patience?: Patience },
  to: KubeWriter,
): Promise<Written<Live>> {
  if (before === null) return live ? removeObject(id, live.object, to, patience) : { is: 'written', live: null };
  const now = await to.get(id);
  if (now === null) return live ? { is: 'moved', now: readNow(null) } : bringBack(before.object, to);
  if (isAsItWas(before.object, now)) return { is: 'written', live: { object: now } };
  if (!live || now.metadata.uid !== live.object.metadata.uid || worldEdits(live.object, now).length > 0) {
    return { is: 'moved', now: readNow(now) };
  }
  const goal = withScale(before.object, now);
  const values = await put(now, (base) => withOldValues(base, live.object, withScale(goal, base)), to);
  if (values.is === 'immutable') {
    const removed = await removeObject(id, now, to, patience);
    return removed.is === 'moved' ? removed : bringBack(before.object, to);
  }
  return values.is === 'written' && values.object ? giveBackOwners(values.object, goal, to) : moved(values, to, id);
}

async function bringBack(before: KubeObject, to: KubeWriter): Promise<Written<Live>> {
  const made = await to.create(withoutIdentity(before));
  if (made.is === 'written' && made.object) return giveBackOwners(made.object, before, to);
  return { is: 'moved', now: readNow(made.is === 'conflict' ? made.now : null) };
}

async function giveBackOwners(object: KubeObject, before: KubeObject, to: KubeWriter): Promise<Written<Live>> {
  const managedFields = before.metadata.managedFields ?? [];
  const status = (base: KubeObject): KubeObject['metadata']['managedFields'] =>
    base.metadata.managedFields?.filter(({ subresource }) => subresource === 'status') ?? [];
  const old = managedFields.filter(({ subresource }) => subresource !== 'status');
  const owned = (base: KubeObject): KubeObject => withOwners(base, [...old, ...(status(base) ?? [])]);
  const result = await put(object, owned, to);
  if (result.is === 'written' && result.object) return { is: 'written', live: { object: result.object } };
  return moved(result, to, before);
}

// A controller may write between our read and our write: then the same change is made to what it left.
async function put(first: KubeObject, change: (base: KubeObject) => KubeObject, to: KubeWriter): Promise<KubeWritten> {
  let base = first;
  for (let tries = 1; ; tries += 1) {
    const result = await to.replace(change(base));
    if (result.is !== 'conflict' || tries >= mostTries) return result;
    const { now } = result;
    if (!now || now.metadata.uid !== base.metadata.uid || worldEdits(base, now).length > 0) return result;
    base = now;
  }
}

async function moved(result: KubeWritten, to: KubeWriter, id: ObjectId | KubeObject): Promise<Written<Live>> {
  if (result.is === 'conflict') return { is: 'moved', now: readNow(result.now) };
  const ref = 'metadata' in id ? idOf(id) : id;
  return { is: 'moved', now: readNow(await to.get(ref)) };
}

/** What our writes changed goes back; what the world changed since stays. */
function withOldValues(now: KubeObject, after: KubeObject, before: KubeObject): KubeObject {
  const object = giveBack(now, after, before) as KubeObject;
  const { managedFields: _, ...metadata } = object.metadata;
  const { resourceVersion, uid } = now.metadata;
  return { ...object, metadata: { ...metadata, resourceVersion, uid } } as KubeObject;
}

function giveBack(now: unknown, after: unknown, before: unknown): unknown {
  if (isEqual(after, before)) return now;
  if (!isFields(now) || !isFields(after) || !isFields(before)) return before;
  const keys = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  const entries = keys.map((key) => [key, giveBack(now[key], after[key], before[key])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function withoutIdentity(before: KubeObject): KubeObject {
  const { status: _, ...rest } = before;
  const {
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _time,
    managedFields: _fields,
    ...metadata
  } = before.metadata;
  const { generation: _generation, deletionTimestamp: _gone, ...kept } = metadata;
  return { ...rest, metadata: kept } as KubeObject;
}
