import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { CairnError, problem } from '../../model/diagnostic.ts';
import {
  type ExecResult,
  fieldManager,
  type KubeObject,
  type KubeWriter,
  type KubeWritten,
  type ObjectRef,
} from '../../model/kube.ts';
import { type Request, UnknownOutcome } from './client.ts';
import type { ServedKind } from './discovery.ts';
import { failure, immutableFields } from './failure.ts';
import { collectionOf, pathOf, queryOf } from './paths.ts';
import { applyQuery, applyType, nameOf, RealKubeReader, refOf } from './reader.ts';
import type { Reply } from './reply.ts';

/** Milliseconds until a definition that was just made is served. */
const definitionTimeout = 15_000;

/** Sent again at most this often, after reading that it had no effect. */
const mostTries = 3;

type Way = 'apply' | 'create' | 'replace';

/** Writes a real cluster. A write whose answer got lost is settled by reading. */
export class RealKubeWriter extends RealKubeReader implements KubeWriter {
  async apply(object: KubeObject): Promise<KubeWritten> {
    const { resourceVersion } = object.metadata;
    if (resourceVersion !== undefined) return this.#write('apply', object);
    // Server-side apply can't say "must not exist": look first, don't overrule anybody, and see whether it was made.
    const now = await this.get(refOf(object));
    return now ? { is: 'conflict', now } : this.#write('apply', object);
  }

  create(object: KubeObject): Promise<KubeWritten> {
    return this.#write('create', object);
  }

  replace(object: KubeObject): Promise<KubeWritten> {
    return this.#write('replace', object);
  }

  async remove(ref: ObjectRef, uid: string): Promise<KubeWritten> {
    const kind = await this.discovery.find(ref);
    if (!kind) return { is: 'written', object: null };
    const body = JSON.stringify({ propagationPolicy: 'Foreground', preconditions: { uid } });
    const path = pathOf(ref, kind);
    for (let tries = 1; ; tries += 1) {
      // By UID, so that doing it twice does no more than once.
      const request = { method: 'DELETE', path, body, contentType: 'application/json', repeatable: true } as const;
      const answer = await this.client.send(request);
      if (answer.status === 404) return { is: 'written', object: null };
      const now = answer.status < 300 || answer.status === 409 ? await this.get(ref) : null;
      if (answer.status < 300) return { is: 'written', object: now };
      if (answer.status !== 409) throw failure(answer, `deleting ${nameOf(ref)}`);
      // The very object is still there: the conflict was with somebody's write of it.
      if (now?.metadata.uid !== uid || tries >= mostTries) return { is: 'conflict', now };
    }
  }

  async exec(...call: Parameters<KubeWriter['exec']>): Promise<ExecResult> {
    const { namespace, name } = call[0];
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name };
    if (!(await this.get(ref))) throw new CairnError(problem('kube-not-found', `there is no ${nameOf(ref)}`));
    const { execInPod } = await import('./exec.ts');
    return execInPod(this.client, ...call);
  }

  async #write(way: Way, object: KubeObject): Promise<KubeWritten> {
    const ref = refOf(object);
    const kind = await this.#kindOf(ref);
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#ask(requestOf(way, object, kind));
      const judged = answer && this.#judge(answer, way, object);
      if (judged) return judged;
      const settled = await this.#settle(way, object, kind);
      if (settled) return settled;
      if (tries >= mostTries) throw answer ? failure(answer, `writing ${nameOf(ref)}`) : lost(ref);
    }
  }

  /** The answer, or null when it got lost. */
  async #ask(request: Request): Promise<Reply | null> {
    try {
      return await this.client.send(request);
    } catch (error) {
      if (error instanceof UnknownOutcome) return null;
      throw error;
    }
  }

  /** Null where the answer doesn't say whether this write took effect: a conflict may be with ourselves, sent twice on the way. */
  #judge(answer: Reply, way: Way, object: KubeObject): KubeWritten | null {
    if (answer.status >= 500 || answer.status === 409) return null;
    const fields = immutableFields(answer);
    if (fields) return { is: 'immutable', fields };
    const { resourceVersion } = object.metadata;
    if (answer.status === 404 && way !== 'create' && resourceVersion !== undefined) {
      return { is: 'conflict', now: null };
    }
    if (answer.status >= 300) throw failure(answer, `writing ${nameOf(refOf(object))}`);
    // Not made but found: somebody made it since we looked.
    const isFound = way === 'apply' && answer.status === 200 && resourceVersion === undefined;
    return isFound ? null : { is: 'written', object: answer.json as KubeObject };
  }

  // Nothing happened: null, send it again. It is as if sent: then it was. Otherwise somebody else was there.
  async #settle(way: Way, object: KubeObject, kind: ServedKind): Promise<KubeWritten | null> {
    const now = await this.get(refOf(object));
    if (!now) return object.metadata.resourceVersion === undefined ? null : { is: 'conflict', now };
    if (now.metadata.resourceVersion === object.metadata.resourceVersion) return null;
    const { resourceVersion, uid } = now.metadata;
    const again = { ...object, metadata: { ...object.metadata, resourceVersion, uid } } as KubeObject;
    const request = requestOf(way === 'create' ? 'replace' : way, again, kind, { dryRun: 'All' });
    const answer = await this.client.send({ ...request, repeatable: true });
    if (answer.status >= 300) return { is: 'conflict', now };
    const isDone = isDeepStrictEqual(withoutTimes(answer.json as KubeObject), withoutTimes(now));
    return isDone ? { is: 'written', object: now } : { is: 'conflict', now };
  }

  async #kindOf(ref: ObjectRef): Promise<ServedKind> {
    const deadline = Date.now() + definitionTimeout;
    for (;;) {
      const kind = await this.discovery.find(ref);
      if (kind) return kind;
      if (Date.now() > deadline) break;
      await sleep(300);
    }
    throw new CairnError(
      problem('kube-not-found', `${nameOf(ref)}: the cluster has no kind ${ref.kind} in ${ref.apiVersion}`, {
        help: 'make its definition first, in an earlier step or with after',
      }),
    );
  }
}

function requestOf(
  way: Way,
  object: KubeObject,
  kind: ServedKind,
  more: Readonly<Record<string, string>> = {},
): Request {
  const ref = refOf(object);
  const body = JSON.stringify(object);
  if (way === 'create') {
    const path = `${collectionOf(kind, ref.namespace)}${queryOf({ fieldManager, ...more })}`;
    return { method: 'POST', path, body, contentType: 'application/json', repeatable: false };
  }
  if (way === 'replace') {
    const path = `${pathOf(ref, kind)}${queryOf({ fieldManager, ...more })}`;
    return { method: 'PUT', path, body, contentType: 'application/json', repeatable: false };
  }
  const isNew = object.metadata.resourceVersion === undefined;
  const path = `${pathOf(ref, kind)}${queryOf({ ...(isNew ? { fieldManager } : applyQuery), ...more })}`;
  return { method: 'PATCH', path, body, contentType: applyType, repeatable: false };
}

function lost(ref: ObjectRef): CairnError {
  return new CairnError(problem('kube-unreachable', `writing ${nameOf(ref)}: the answer got lost ${mostTries} times`));
}

function withoutTimes(object: KubeObject): unknown {
  const { managedFields = [], resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, managedFields: managedFields.map(({ time: _time, ...rest }) => rest) } };
}
