import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeWriter } from '../../../model/kube.ts';
import {
  type AnyType,
  declare,
  type More,
  type Resource,
  type ResourceType,
  type Written,
} from '../../../model/resource.ts';
import { Secret } from '../../../model/secret.ts';
import type { Want } from '../apply/compose.ts';
import { textAt } from '../compare/json.ts';
import type { ObjectId } from '../id.ts';
import type { Live } from '../live.ts';
import { objectType } from '../object.ts';
import type { ObjectOut } from '../out.ts';
import { jobReadiness } from '../ready/job.ts';
import { lookingThrough } from '../ready/looking.ts';
import { removeObject } from '../remove.ts';
import type { Hook } from './hooks.ts';

const deadline = 300_000;
const pause = 500;

export type Parting = 'pre-delete' | 'post-delete';

/** A Secret that holds the Job to run when the release is taken back: undo needs neither the chart nor Helm. */
interface Id extends ObjectId {
  readonly at: Parting;
  /** The Job's name. */
  readonly job: string;
}

const type: ResourceType<'kubernetes', Id, Want, Live, ObjectOut> = {
  ...objectType,
  name: 'kubernetes/delete-hook',
  identity: [...objectType.identity, 'at', 'job'],
  title: ({ at, namespace, job }) => `hook ${at} ${namespace}/${job}`,
  // A level of its own: nothing is taken back beside it.
  phase: ({ at }) => (at === 'pre-delete' ? 5 : 1.5),
  async restore({ id, before, live }, to) {
    if (before !== null || live === null) return objectType.restore({ id, before, live }, to);
    return runLast(id, live, to);
  },
};

export const deleteHookType = type as unknown as AnyType;

/** Keeps the Job of a hook for the day when the release is taken back. */
export function deleteHook(hook: Hook, at: Parting, more: More): Resource<ObjectOut> {
  const { apiVersion, kind, namespace = 'default', name } = hook.id;
  const want = { ...hook.want, apiVersion, kind };
  const id = { apiVersion: 'v1', kind: 'Secret', namespace, name: nameFor(name, at), at, job: name };
  return declare<ObjectOut>(
    deleteHookType,
    'managed',
    id,
    { stringData: { job: new Secret(JSON.stringify(want)) } },
    more,
  );
}

// Kept apart from others of nearly the same, long name.
function nameFor(job: string, at: Parting): string {
  const digest = createHash('sha256').update(job).digest('hex').slice(0, 8);
  return `cairn-${at}-${job.slice(0, 200)}-${digest}`;
}

async function runLast(id: Id, live: Live, to: KubeWriter): Promise<Written<Live>> {
  const { namespace, job: name } = id;
  const encoded = textAt(live.object, 'data', 'job') ?? '';
  const wish = JSON.parse(Buffer.from(encoded, 'base64').toString()) as KubeObject;
  const ref = { apiVersion: wish.apiVersion, kind: wish.kind, name, ...(namespace === undefined ? {} : { namespace }) };
  const older = await to.get(ref);
  if (older) await removeObject(ref, older, to);
  const { apiVersion: _, kind: _kind, ...metadata } = { ...wish.metadata, ...ref };
  const made = await to.create({ ...wish, metadata });
  if (made.is !== 'written')
    throw new CairnError(problem('hook-taken', `Job ${namespace}/${name} was made by somebody else`));
  const done = await ended(ref, to);
  if (done) await removeObject(ref, done, to);
  return removeObject(id, live.object, to);
}

async function ended(ref: ObjectId, from: KubeWriter): Promise<KubeObject | null> {
  const began = Date.now();
  for (;;) {
    const job = await from.get(ref);
    if (!job) return null;
    const readiness = await jobReadiness(job, lookingThrough(from));
    if (readiness.is === 'ready') return job;
    if (readiness.is === 'failed') throw new CairnError(readiness.why);
    if (Date.now() - began > deadline) {
      throw new CairnError(
        problem('hook-stuck', `Job ${ref.namespace}/${ref.name} did not end within ${deadline / 1000} s`, {
          detail: [`it still waits for: ${readiness.on}`],
          help: 'look at it, or delete the Secret that holds it to go on without it',
        }),
      );
    }
    await sleep(pause);
  }
}
