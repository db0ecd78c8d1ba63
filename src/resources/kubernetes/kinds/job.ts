import type { V1JobSpec } from '@kubernetes/client-node/dist/gen/models/V1JobSpec.js';
import type { KubeObject, KubeWriter } from '../../../model/kube.ts';
import type { Patience } from '../../../model/ready.ts';
import {
  type AnyType,
  type Difference,
  declare,
  type More,
  type Resource,
  type Written,
} from '../../../model/resource.ts';
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
import type { ObjectOut } from '../out.ts';
import { readNow } from '../read.ts';
import { evidenceOf } from '../ready/evidence.ts';
import { failureOf, jobReadiness } from '../ready/job.ts';
import { lookingThrough } from '../ready/looking.ts';
import { removeObject } from '../remove.ts';
import { type Change, writeObject } from '../write.ts';
import type { InNamespace } from './built-in.ts';
import { keyedHash } from './hash.ts';
import type { Spec } from './spec-types.ts';

/** A Job that runs once for each set of inputs: again when they change, and again after it failed. */
export const jobType: typeof objectType = {
  ...objectType,
  name: 'kubernetes/job',
  async merge(id, want, live, from, options) {
    if (live)
      return {
        live: { ...live, notes: { takeOver: options.takeOver ?? [], immutable: [], clashes: [] } },
        certainty: 'exact',
      };
    return mergeObject(id, want, { live, from, options });
  },
  diff: (live, want, merged) => {
    if (live && want !== null) return rerun(live, want, merged?.notes?.takeOver ?? []);
    return objectType.diff(live, want, merged);
  },
  async write({ id, want, live, options }, to) {
    if (want === null)
      return live ? removeObject(id, live.object, to, options.patience) : { is: 'written', live: null };
    return runAgain({ id, want: marked(id, want), live, options }, to);
  },
  async restore({ id, before, live, patience }, to) {
    const patient = patience ? { patience } : {};
    if (before === null) return objectType.restore({ id, before, live, ...patient }, to);
    return forget({ id, before, live, ...patient }, to);
  },
  evidence: (_, { object }, from) => evidenceOf(object, from),
  ready: (_, { object }, from, look) => jobReadiness(object, lookingThrough(from, look)),
};

function rerun(live: Live, want: unknown, takeOver: readonly string[]): Difference {
  const id = idOf(live.object);
  const { later, body } = compose(id, want, null);
  const ran = live.object.metadata.annotations?.[annotations.inputs];
  if (later.size > 0) {
    const { changes } = diffObject(id, live, want, { object: live.object });
    return { changes: changes.filter(({ how }) => how === 'later'), foreign: [] };
  }
  const wished = keyedHash('job', body);
  if (ran === wished) return { changes: failureOf(live.object) === null ? [] : [again], foreign: [] };
  const foreign = ran === undefined && !takeOver.includes('metadata.name') ? foreignTo(live.object) : [];
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

function foreignTo(object: KubeObject): Difference['foreign'] {
  const owner = ownersOf(object)('spec.template').find(({ isUs }) => !isUs);
  return [{ path: 'metadata.name', owner: owner?.name ?? 'somebody else' }];
}

async function runAgain(change: Change, to: KubeWriter): Promise<Written<Live>> {
  if (change.live === null) return writeObject(change, to);
  const removed = await removeObject(change.id, change.live.object, to, change.options.patience);
  return removed.is === 'moved' ? removed : writeObject({ ...change, live: null }, to);
}

// An older job can't be given back without running it: the newer one goes, and that is all.
async function forget(
  { id, before, live, patience }: { id: ObjectId; before: Live; live: Live | null; patience?: Patience },
  to: KubeWriter,
): Promise<Written<Live>> {
  const now = await to.get(id);
  if (!now) return { is: 'written', live: null };
  if (isAsItWas(before.object, now)) return { is: 'written', live: { object: now } };
  return live ? removeObject(id, live.object, to, patience) : { is: 'moved', now: readNow(now) };
}

function marked(id: ObjectId, want: Want): Want {
  const { body } = compose(id, want, null);
  const metadata = isFields(want.metadata) ? want.metadata : {};
  const own = isFields(metadata.annotations) ? metadata.annotations : {};
  return { ...want, metadata: { ...metadata, annotations: { ...own, [annotations.inputs]: keyedHash('job', body) } } };
}

/** Declares a Job that runs once for each set of inputs; don't give it a time to live, or it runs again when that is over. */
export function job(spec: InNamespace & { readonly spec: Spec<V1JobSpec> }, more?: More): Resource<ObjectOut> {
  const { name, namespace, labels, annotations: own, spec: fields } = spec;
  const metadata = { ...(labels === undefined ? {} : { labels }), ...(own === undefined ? {} : { annotations: own }) };
  const want = Object.keys(metadata).length > 0 ? { metadata, spec: fields } : { spec: fields };
  return jobOf({ apiVersion: 'batch/v1', kind: 'Job', namespace, name }, want, more);
}

/** The same with id and wish apart. */
export function jobOf(id: ObjectId, want: Want, more?: More): Resource<ObjectOut> {
  return declare<ObjectOut>(jobType as unknown as AnyType, 'managed', id, want, more);
}
