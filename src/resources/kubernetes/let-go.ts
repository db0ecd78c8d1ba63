import { beforeFirstApply, type KubeObject, type KubeWriter, type ManagedFields } from '../../model/kube.ts';
import type { Written } from '../../model/resource.ts';
import { isMark } from './apply/marks.ts';
import type { ObjectId } from './id.ts';
import type { Live } from './live.ts';
import { isOwnedByUs, marksOn, withOwners } from './owned.ts';
import { readNow } from './read.ts';

// Controllers write busily to what they watch; each of their writes costs one more try.
const mostTries = 8;

/**
 * Takes our labels, our annotations and our ownership of fields off an object, in one write. Its values stay; those that
 * nobody else owns are nobody's from then on, unless nobody else owns anything: see `ownersWithoutUs`.
 */
export async function letGoOf({ id, live }: { id: ObjectId; live: Live }, to: KubeWriter): Promise<Written<Live>> {
  let now = await to.get(id);
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (!now) return { is: 'written', live: null };
    if (now.metadata.uid !== live.object.metadata.uid) break;
    if (marksOn(now).length === 0) return { is: 'written', live: { object: now } };
    const result = await to.replace(unmarked(now));
    if (result.is === 'written') return { is: 'written', live: result.object && { object: result.object } };
    now = result.is === 'conflict' ? result.now : await to.get(id);
  }
  return { is: 'moved', now: readNow(now) };
}

function unmarked(object: KubeObject): KubeObject {
  const { labels, annotations, managedFields = [], ...metadata } = object.metadata;
  const kept = { ...metadata, ...withoutOurs({ labels, annotations }) };
  return withOwners({ ...object, metadata: kept } as KubeObject, ownersWithoutUs(managedFields));
}

// The API server writes down nobody's changes of an object that has no owner at all. So the last one's fields go to the
// owner to whom it would give them itself at the next apply, and who changes them later still has a name.
function ownersWithoutUs(entries: readonly ManagedFields[]): readonly ManagedFields[] {
  const others = entries.filter((entry) => !isOwnedByUs(entry));
  const [ours] = entries.filter(isOwnedByUs);
  return others.length > 0 || !ours ? others : [{ ...ours, manager: beforeFirstApply, operation: 'Update' }];
}

function withoutOurs(maps: Readonly<Record<string, Readonly<Record<string, string>> | undefined>>): object {
  const kept = Object.entries(maps).map(([field, map = {}]) => {
    return [field, Object.fromEntries(Object.entries(map).filter(([key]) => !isMark(key)))] as const;
  });
  return Object.fromEntries(kept.filter(([, map]) => Object.keys(map).length > 0));
}
