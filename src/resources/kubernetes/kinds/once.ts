import type { KubeObject, KubeWriter } from '../../../model/kube.ts';
import type { Patience } from '../../../model/ready.ts';
import type { Difference, Readiness, Written } from '../../../model/resource.ts';
import { compose, type Want } from '../apply/compose.ts';
import { annotations } from '../apply/marks.ts';
import { mergeObject } from '../apply/merge.ts';
import { ownersOf } from '../apply/owners.ts';
import { isAsItWas } from '../compare/compare.ts';
import { diffObject } from '../compare/diff.ts';
import { isFields } from '../compare/json.ts';
import { idOf, type ObjectId } from '../id.ts';
import type { Live } from '../live.ts';
import { objectType } from '../object.ts';
import { readNow } from '../read.ts';
import { type Looking, lookingThrough } from '../ready/looking.ts';
import { removeObject } from '../remove.ts';
import { type Change, writeObject } from '../write.ts';
import { keyedHash } from './hash.ts';

/** A kind of object that is a run of something. */
export interface Run {
  /** Name of the resource type. */
  readonly name: string;
  readonly purpose: 'job' | 'workflow';
  /** Whose owner made it: `spec.template`. */
  readonly body: string;
  /** Why it failed for good, null when it didn't. */
  failureOf(object: KubeObject): string | null;
  readiness(object: KubeObject, looking: Looking): Promise<Readiness>;
}

/** Objects of a kind that run once for each set of inputs: again when they change, and again after a failure. */
export function onceType(run: Run): typeof objectType {
  return {
    ...objectType,
    name: run.name,
    async merge(id, want, live, from, options) {
      if (live)
        return {
          live: { ...live, notes: { takeOver: options.takeOver ?? [], immutable: [], clashes: [] } },
          certainty: 'exact',
        };
      return mergeObject(id, want, { live, from, options });
    },
    diff: (live, want, merged) => {
      if (live && want !== null) return rerun(run, { live, want, takeOver: merged?.notes?.takeOver ?? [] });
      return objectType.diff(live, want, merged);
    },
    async write({ id, want, live, options }, to) {
      if (want === null)
        return live ? removeObject(id, live.object, to, options.patience) : { is: 'written', live: null };
      return runAgain({ id, want: marked(run, id, want), live, options }, to);
    },
    async restore({ id, before, live, patience }, to) {
      const patient = patience ? { patience } : {};
      if (before === null) return objectType.restore({ id, before, live, ...patient }, to);
      return forget({ id, before, live, ...patient }, to);
    },
    ready: (_, { object }, from, look) => run.readiness(object, lookingThrough(from, look)),
  };
}

interface Wished {
  readonly live: Live;
  readonly want: unknown;
  readonly takeOver: readonly string[];
}

function rerun({ purpose, body: where, failureOf }: Run, { live, want, takeOver }: Wished): Difference {
  const id = idOf(live.object);
  const { later, body } = compose(id, want, null);
  const ran = live.object.metadata.annotations?.[annotations.inputs];
  if (later.size > 0) {
    const { changes } = diffObject(id, live, want, { object: live.object });
    return { changes: changes.filter(({ how }) => how === 'later'), foreign: [] };
  }
  const wished = keyedHash(purpose, body);
  if (ran === wished) return { changes: failureOf(live.object) === null ? [] : [again], foreign: [] };
  const foreign = ran === undefined && !takeOver.includes('metadata.name') ? foreignTo(live.object, where) : [];
  const { changes } = diffObject(id, live, want, undefined);
  const inputs = {
    path: 'inputs',
    how: 'update',
    secret: false,
    after: wished,
    ...(ran === undefined ? {} : { before: ran }),
  } as const;
  return { changes: changes.length > 0 ? changes : [inputs], foreign };
}

const again = { path: 'status', how: 'restart', secret: false, before: 'failed', note: 'runs again' } as const;

function foreignTo(object: KubeObject, body: string): Difference['foreign'] {
  const owner = ownersOf(object)(body).find(({ isUs }) => !isUs);
  return [{ path: 'metadata.name', owner: owner?.name ?? 'somebody else' }];
}

async function runAgain(change: Change, to: KubeWriter): Promise<Written<Live>> {
  if (change.live === null) return writeObject(change, to);
  const removed = await removeObject(change.id, change.live.object, to, change.options.patience);
  return removed.is === 'moved' ? removed : writeObject({ ...change, live: null }, to);
}

// An older run can't be given back without running it: the newer one goes, and that is all.
async function forget(
  { id, before, live, patience }: { id: ObjectId; before: Live; live: Live | null; patience?: Patience },
  to: KubeWriter,
): Promise<Written<Live>> {
  const now = await to.get(id);
  if (!now) return { is: 'written', live: null };
  if (isAsItWas(before.object, now)) return { is: 'written', live: { object: now } };
  return live ? removeObject(id, live.object, to, patience) : { is: 'moved', now: readNow(now) };
}

function marked({ purpose }: Run, id: ObjectId, want: Want): Want {
  const { body } = compose(id, want, null);
  const metadata = isFields(want.metadata) ? want.metadata : {};
  const own = isFields(metadata.annotations) ? metadata.annotations : {};
  const inputs = { [annotations.inputs]: keyedHash(purpose, body) };
  return { ...want, metadata: { ...metadata, annotations: { ...own, ...inputs } } };
}
