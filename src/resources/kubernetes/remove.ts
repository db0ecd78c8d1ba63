import { setTimeout as sleep } from 'node:timers/promises';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KubeObject, KubeReader, KubeWriter } from '../../model/kube.ts';
import type { Written } from '../../model/resource.ts';
import { worldEdits } from './compare/compare.ts';
import { type ObjectId, titleOf } from './id.ts';
import type { Live } from './live.ts';
import { readNow } from './read.ts';
import { blockersOf } from './stuck.ts';

const deadline = 120_000;
const longestPause = 1_000;

/** Deletes the very object of an image, its dependants first, and waits until it is gone. Finalizers are named, never stripped. */
export async function removeObject(id: ObjectId, live: KubeObject, to: KubeWriter): Promise<Written<Live>> {
  const now = await to.get(id);
  if (!now) return { is: 'written', live: null };
  if (now.metadata.uid !== live.metadata.uid || worldEdits(live, now).length > 0) {
    return { is: 'moved', now: readNow(now) };
  }
  const uid = now.metadata.uid ?? '';
  const result = await to.remove(id, uid);
  if (result.is === 'conflict') return { is: 'moved', now: readNow(result.now) };
  await waitGone(id, uid, to);
  return { is: 'written', live: null };
}

async function waitGone(id: ObjectId, uid: string, from: KubeReader): Promise<void> {
  const began = Date.now();
  for (let pause = 50; ; pause = Math.min(pause * 1.5, longestPause)) {
    const now = await from.get(id);
    if (!now || now.metadata.uid !== uid) return;
    if (Date.now() - began > deadline) throw new CairnError(await stuck(id, now, from));
    await sleep(pause);
  }
}

async function stuck(id: ObjectId, now: KubeObject, from: KubeReader): Promise<ReturnType<typeof problem>> {
  // Whoever can't find out why says at least that.
  const blockers = await blockersOf(now, from).catch(() => []);
  const [first = 'something holds it', ...detail] = blockers;
  return problem('kube-stuck', `${titleOf(id)} is still being deleted after ${deadline / 1000} s: ${first}`, {
    detail,
    help: 'what set the finalizer, or serves the API, has to let go; see whether it runs',
  });
}
