import { CairnError } from '../../../model/diagnostic.ts';
import { type KubeObject, type KubeReader, KubeRefusal, type NoDryRun } from '../../../model/kube.ts';
import type { Merged, WriteOptions } from '../../../model/resource.ts';
import { isFields } from '../compare/json.ts';
import type { ObjectId } from '../id.ts';
import type { Live, MergeNotes } from '../live.ts';
import { type Composed, compose } from './compose.ts';
import { mergeLocally } from './local-merge.ts';
import { isOurs, ownerLabel } from './marks.ts';
import { type Cleared, mergeCleared } from './merge-clash.ts';
import { isSettled } from './settled.ts';

const reasons: Readonly<Record<NoDryRun, string>> = {
  'no-namespace': 'its namespace is not there yet',
  'no-definition': 'its definition is not there yet',
  forbidden: 'the server forbids trying it',
  'no-webhook-dry-run': 'a webhook of the server can not be tried',
};

const mostAttempts = 3;

interface Over {
  readonly live: Live | null;
  readonly from: KubeReader;
  readonly options: WriteOptions;
}

/** What the server would make of a wish: a forced dry run, or a local guess where it can't be asked. */
export async function mergeObject(id: ObjectId, want: unknown, first: Over): Promise<Merged<Live>> {
  let merged = await mergeOver(id, want, first);
  for (let attempt = 1; attempt < mostAttempts; attempt += 1) {
    const live = merged.over ?? first.live;
    if (live === null || versionOf(merged.live) === versionOf(live)) return merged;
    const now = await first.from.get(id);
    if (now === null) return merged;
    merged = { ...(await mergeOver(id, want, { ...first, live: { object: now } })), over: { object: now } };
  }
  return merged;
}

// A controller that writes between our reading and the dry run would show as a change of ours.
function versionOf({ object }: Live): string | undefined {
  return object.metadata.resourceVersion;
}

async function mergeOver(id: ObjectId, want: unknown, { live, from, options }: Over): Promise<Merged<Live>> {
  const composed = compose(id, want, live?.object ?? null);
  const none: MergeNotes = { takeOver: options.takeOver ?? [], immutable: [], clashes: [] };
  const body = withOwner(composed.body, live?.object ?? null);
  if (live && isSettled(live.object, body, composed))
    return { live: { object: live.object, notes: none }, certainty: 'exact' };
  const object = mergeLocally(live?.object ?? null, composed);
  const guess = (why: string): Merged<Live> => ({ live: { object, notes: none }, certainty: 'predicted', why });
  const tried = await tryIt(body, { composed, live: live?.object ?? null, from });
  if (tried === null) return guess(`the server can judge it only once ${laterNames(composed)} is known`);
  const { answer, clashes } = tried;
  const notes: MergeNotes = { ...none, clashes };
  if (answer.is === 'merged') return { live: { object: answer.object, notes }, certainty: 'exact' };
  if (answer.is === 'immutable')
    return { live: { object, notes: { ...notes, immutable: answer.fields } }, certainty: 'exact' };
  return guess(reasons[answer.because]);
}

interface Wish {
  readonly composed: Composed;
  readonly live: KubeObject | null;
  readonly from: KubeReader;
}

async function tryIt(body: KubeObject, wish: Wish): Promise<Cleared | null> {
  const { composed, live, from } = wish;
  try {
    return await from.dryRun(body).then(
      (answer) => ({ answer, clashes: [] }),
      (refusal: unknown) => {
        if (!live || !(refusal instanceof KubeRefusal)) throw refusal;
        return mergeCleared(live, composed, { refusal, from });
      },
    );
  } catch (error) {
    // A field that is known later and may not be missing: nothing is wrong with the wish.
    const isIncomplete = error instanceof CairnError && error.code === 'kube-invalid' && composed.later.size > 0;
    if (isIncomplete) return null;
    throw error;
  }
}

/** What we created keeps its label: left out of an apply it would go. */
export function withOwner(body: KubeObject, live: KubeObject | null, fresh?: string): KubeObject {
  const owner = live ? (isOurs(live) ? live.metadata.labels?.[ownerLabel] : undefined) : fresh;
  if (owner === undefined) return body;
  const labels = isFields(body.metadata.labels) ? body.metadata.labels : {};
  return { ...body, metadata: { ...body.metadata, labels: { ...labels, [ownerLabel]: owner } } };
}

function laterNames({ later }: Composed): string {
  return [...new Set([...later.values()].flat())].join(', ');
}
