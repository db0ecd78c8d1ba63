import type { KubeObject, KubeWriter } from '../../model/kube.ts';
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
 * nobody else owns are nobody's from then on.
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
  return withOwners(
    { ...object, metadata: kept } as KubeObject,
    managedFields.filter((entry) => !isOwnedByUs(entry)),
  );
}

function withoutOurs(maps: Readonly<Record<string, Readonly<Record<string, string>> | undefined>>): object {
  const kept = Object.entries(maps).map(([field, map = {}]) => {
    return [field, Object.fromEntries(Object.entries(map).filter(([key]) => !isMark(key)))] as const;
  });
  return Object.fromEntries(kept.filter(([, map]) => Object.keys(map).length > 0));
}
