import { CairnError, problem } from '../../model/diagnostic.ts';
import { type KubeObject, KubeRefusal, type KubeWriter, type KubeWritten } from '../../model/kube.ts';
import { isWithin } from '../../model/kube-fields.ts';
import type { WriteOptions, Written } from '../../model/resource.ts';
import { readApplied, writeApplied } from './apply/applied.ts';
import { type Composed, compose } from './apply/compose.ts';
import { annotations } from './apply/marks.ts';
import { withOwner } from './apply/merge.ts';
import { mergeCleared } from './apply/merge-clash.ts';
import { repairAfter } from './apply/repaired.ts';
import { ownedByUs } from './apply/transfer.ts';
import { worldEdits } from './compare/compare.ts';
import { isFields } from './compare/json.ts';
import { leavesOf } from './compare/leaves.ts';
import { type ObjectId, titleOf } from './id.ts';
import type { Live } from './live.ts';
import { readNow } from './read.ts';
import { removeObject } from './remove.ts';
import { unstick } from './unstick.ts';

// Controllers write busily to what they watch; each of their writes costs one more try.
const mostTries = 8;

export interface Change {
  readonly id: ObjectId;
  /** Fully known: holds no later value. */
  readonly want: unknown;
  readonly live: Live | null;
  readonly options: WriteOptions;
}

/** Applies a wish over the image it was planned for; an object that can't be changed in place is made anew. */
export async function writeObject(change: Change, to: KubeWriter): Promise<Written<Live>> {
  const { id, want, live, options } = change;
  if (live === null) return create(change, to);
  let base = live.object;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const composed = compose(id, want, base);
    const marked = mark(withOwner(composed.body, base), composed, { options, base });
    const { uid, resourceVersion } = base.metadata;
    const body = { ...marked, metadata: { ...marked.metadata, uid, resourceVersion } } as KubeObject;
    const result = await applyOver(body, { planned: live.object, base, composed, to });
    if (result.is === 'owned') {
      base = result.object;
      continue;
    }
    if (result.is === 'written') {
      if (result.object?.kind === 'StatefulSet' && isNewForm(base, result.object)) await unstick(result.object, to);
      return { is: 'written', live: result.object && { object: result.object } };
    }
    if (result.is === 'immutable') return replace(change, { base, fields: result.fields.map(({ path }) => path) }, to);
    if (result.is === 'elsewhere') return { is: 'moved', now: readNow(base) };
    if (!result.now || !isSameBut(base, result.now, composed)) return { is: 'moved', now: readNow(result.now) };
    base = result.now;
  }
  return { is: 'moved', now: readNow(base) };
}

interface Base {
  readonly planned: KubeObject;
  readonly base: KubeObject;
  readonly composed: Composed;
  readonly to: KubeWriter;
}

/** `owned`: the apply may be sent again. `elsewhere`: what clashes isn't what the plan saw. */
type AppliedOver = KubeWritten | { readonly is: 'owned'; readonly object: KubeObject } | { readonly is: 'elsewhere' };

// What clashes becomes ours first, by a write that changes no value; the apply that leaves it out then takes it away.
async function applyOver(body: KubeObject, { planned, base, composed, to }: Base): Promise<AppliedOver> {
  try {
    return await to.apply(body);
  } catch (refusal) {
    if (!(refusal instanceof KubeRefusal)) throw refusal;
    const { clashes } = await mergeCleared(base, composed, { refusal, from: to });
    const edits = worldEdits(planned, base);
    if (clashes.some(({ path }) => edits.some((edit) => isWithin(edit.path, path)))) return { is: 'elsewhere' };
    const owned = ownedByUs(
      base,
      clashes.map(({ path }) => path),
    );
    if (!owned) throw refusal;
    const result = await to.replace(owned);
    return result.is === 'written' && result.object ? { is: 'owned', object: result.object } : result;
  }
}

async function create({ id, want, options }: Change, to: KubeWriter): Promise<Written<Live>> {
  const composed = compose(id, want, null);
  const body = mark(withOwner(composed.body, null, options.run ?? 'cairn'), composed, { options, base: null });
  const result = await to.apply(body);
  if (result.is === 'written') return { is: 'written', live: result.object && { object: result.object } };
  const now = result.is === 'conflict' ? result.now : await to.get(id);
  return { is: 'moved', now: readNow(now) };
}

// Nothing is removed that the plan didn't say would be.
async function replace(
  change: Change,
  { base, fields }: { readonly base: KubeObject; readonly fields: readonly string[] },
  to: KubeWriter,
): Promise<Written<Live>> {
  if (change.options.replace !== true) {
    throw new CairnError(
      problem(
        'immutable',
        `the API server doesn't let ${titleOf(change.id)} be changed in place: ${fields.join(', ')}`,
        {
          detail: ['its plan said that it could be; nothing was written'],
          help: 'plan again and look at what it says now',
        },
      ),
    );
  }
  const removed = await removeObject(change.id, base, to, change.options.patience);
  return removed.is === 'moved' ? removed : create({ ...change, live: null }, to);
}

interface Write {
  readonly options: WriteOptions;
  /** What is written over. */
  readonly base: KubeObject | null;
}

function mark(body: KubeObject, composed: Composed, { options: { run }, base }: Write): KubeObject {
  const { apiVersion: _, kind: _kind, ...fields } = composed.body;
  const lasting = leavesOf(fields, composed.keys).filter(({ path }) => !isInitial(path, composed));
  const applied = writeApplied(lasting, composed.isSecret);
  const own = isFields(body.metadata.annotations) ? body.metadata.annotations : {};
  const repaired = repairAfter(base, composed, run);
  const ours = {
    [annotations.applied]: applied,
    ...(run === undefined ? {} : { [annotations.run]: run }),
    ...(repaired === undefined ? {} : { [annotations.repaired]: repaired }),
  };
  return { ...body, metadata: { ...body.metadata, annotations: { ...own, ...ours } as Record<string, string> } };
}

function isNewForm(before: KubeObject, after: KubeObject): boolean {
  return before.metadata.generation !== after.metadata.generation;
}

// What others wrote meanwhile is theirs, as long as it isn't where we write.
function isSameBut(base: KubeObject, now: KubeObject, composed: Composed): boolean {
  if (base.metadata.uid !== now.metadata.uid) return false;
  const applied = readApplied(base);
  const paths = leavesOf(composed.body, composed.keys).map(({ path }) => path);
  const wished = paths.filter((path) => !isInitial(path, composed));
  return worldEdits(base, now).every(
    ({ path }) => !applied.has(path) && !wished.some((one) => isWithin(one, path) || isWithin(path, one)),
  );
}

function isInitial(path: string, { initial }: Composed): boolean {
  return [...initial].some((one) => isWithin(path, one));
}
