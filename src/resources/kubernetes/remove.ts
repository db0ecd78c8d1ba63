import { setTimeout as sleep } from 'node:timers/promises';
import { CairnError, type Diagnostic, problem } from '../../model/diagnostic.ts';
import type { KubeObject, KubeReader, KubeWriter } from '../../model/kube.ts';
import type { Patience } from '../../model/ready.ts';
import type { Written } from '../../model/resource.ts';
import { worldEdits } from './compare/compare.ts';
import { type ObjectId, titleOf } from './id.ts';
import type { Live } from './live.ts';
import { readNow } from './read.ts';
import { blockersOf } from './stuck.ts';

const unhurried: Patience = { within: 120_000, waiting: () => {} };
const longestPause = 1_000;
/** Milliseconds after which, and in which again, it is worth asking what holds it. */
const askAgain = 10_000;

/** Deletes the very object of an image, its dependants first, and waits until it is gone. Finalizers are named, never stripped. */
export async function removeObject(
  id: ObjectId,
  live: KubeObject,
  to: KubeWriter,
  patience: Patience = unhurried,
): Promise<Written<Live>> {
  const now = await to.get(id);
  if (!now) return { is: 'written', live: null };
  if (now.metadata.uid !== live.metadata.uid || worldEdits(live, now).length > 0) {
    return { is: 'moved', now: readNow(now) };
  }
  const uid = now.metadata.uid ?? '';
  const result = await to.remove(id, uid);
  if (result.is === 'conflict') return { is: 'moved', now: readNow(result.now) };
  await waitGone({ ...id, uid }, to, patience);
  return { is: 'written', live: null };
}

async function waitGone(
  id: ObjectId & { readonly uid: string },
  from: KubeReader,
  { within, waiting }: Patience,
): Promise<void> {
  const began = Date.now();
  let ask = began + askAgain;
  for (let pause = 50; ; pause = Math.min(pause * 1.5, longestPause)) {
    const now = await from.get(id);
    if (!now || now.metadata.uid !== id.uid) return;
    const left = began + within - Date.now();
    if (left <= 0) throw new CairnError(await stuck(id, now, { from, within }));
    if (Date.now() > ask) {
      const [first] = await holders(now, from);
      if (first !== undefined) waiting(first);
      ask = Date.now() + askAgain;
    }
    await sleep(Math.min(pause, left));
  }
}

// Whoever can't find out why says at least that it isn't gone.
function holders(now: KubeObject, from: KubeReader): Promise<readonly string[]> {
  return blockersOf(now, from).catch(() => []);
}

async function stuck(
  id: ObjectId,
  now: KubeObject,
  { from, within }: { readonly from: KubeReader; readonly within: number },
): Promise<Diagnostic> {
  const [first = 'something holds it', ...detail] = await holders(now, from);
  return problem('kube-stuck', `${titleOf(id)} is still being deleted after ${Math.round(within / 1000)} s: ${first}`, {
    detail,
    help: 'what set the finalizer, or serves the API, has to let go: see whether it runs, or give it more time with --timeout',
  });
}
