import { CairnError, problem } from '../../model/diagnostic.ts';
import {
  type DryRun,
  type Forward,
  fieldManager,
  type KubeObject,
  type KubeReader,
  type ListQuery,
  type ObjectRef,
} from '../../model/kube.ts';
import type { KubeClient } from './client.ts';
import { Discovery, type ServedKind } from './discovery.ts';
import { failure, immutableFields, noDryRun } from './failure.ts';
import { Gathering, type Listed } from './gather.ts';
import { asFields, asList, textOf } from './json.ts';
import { collectionOf, pathOf, queryOf, selectorsOf } from './paths.ts';
import type { Reply } from './reply.ts';
import { identityPath } from './same-cluster.ts';

const pageSize = 500;
/** Lists that may go stale while they are read, before that is an error. */
const mostLists = 4;

interface Page {
  readonly objects: readonly KubeObject[];
  readonly isLast: boolean;
  /** The server's answer where it gave no list. */
  readonly refusal?: Reply;
}

/** Reads a real cluster. */
export class RealKubeReader implements KubeReader {
  protected readonly client: KubeClient;
  protected readonly discovery: Discovery;
  readonly #gathering = new Gathering({
    one: (ref, kind) => this.#one(ref, kind),
    many: (...what) => this.#many(...what),
  });

  constructor(client: KubeClient, discovery: Discovery = new Discovery(client)) {
    this.client = client;
    this.discovery = discovery;
  }

  async get(ref: ObjectRef): Promise<KubeObject | null> {
    const kind = await this.discovery.find(ref);
    return kind && this.#gathering.get(ref, kind);
  }

  async list(query: ListQuery): Promise<readonly KubeObject[]> {
    const kind = await this.discovery.find(query);
    if (!kind) return [];
    for (let tries = 1; ; tries += 1) {
      const found = await this.#listOnce(query, kind, tries === mostLists);
      if (found) return found;
    }
  }

  /** Null when the list outlived the server's memory of it: https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses */
  async #listOnce(query: ListQuery, kind: ServedKind, isLast: boolean): Promise<readonly KubeObject[] | null> {
    const found: KubeObject[] = [];
    for await (const { objects, refusal } of this.#pages(kind, query, pageSize)) {
      if (refusal?.status === 410 && !isLast) return null;
      if (refusal && refusal.status !== 404) throw failure(refusal, `listing ${query.kind}`);
      found.push(...objects);
    }
    return found;
  }

  async #one(ref: ObjectRef, kind: ServedKind): Promise<KubeObject | null> {
    const answer = await this.client.send({ method: 'GET', path: pathOf(ref, kind), repeatable: true });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw failure(answer, `reading ${nameOf(ref)}`);
    return answer.json as KubeObject;
  }

  async #many(kind: ServedKind, namespace: string | undefined, most: number): Promise<Listed | null> {
    const query = { ...kind, ...(namespace === undefined ? {} : { namespace }) };
    const objects: KubeObject[] = [];
    for await (const page of this.#pages(kind, query, Math.min(most, pageSize))) {
      if (page.refusal) return null;
      objects.push(...page.objects);
      if (page.isLast) return { objects, whole: true };
      if (objects.length >= most) break;
    }
    return { objects, whole: false };
  }

  async *#pages(kind: ServedKind, query: ListQuery, size: number): AsyncGenerator<Page> {
    let next: string | undefined;
    do {
      const options = queryOf({ ...selectorsOf(query), limit: String(size), continue: next });
      const path = `${collectionOf(kind, query.namespace)}${options}`;
      const answer = await this.client.send({ method: 'GET', path, repeatable: true });
      if (answer.status !== 200) {
        yield { objects: [], isLast: true, refusal: answer };
        return;
      }
      const page = asFields(answer.json);
      next = (asFields(page.metadata).continue as string | undefined) || undefined;
      const { apiVersion, kind: name } = query;
      // Items of a list don't say what they are.
      const objects = asList(page.items).map((item) => ({ ...asFields(item), apiVersion, kind: name }) as KubeObject);
      yield { objects, isLast: next === undefined };
    } while (next !== undefined);
  }

  async dryRun(object: KubeObject, way: 'apply' | 'replace' = 'apply'): Promise<DryRun> {
    const ref = refOf(object);
    const kind = await this.discovery.find(ref);
    if (!kind) return { is: 'unavailable', because: 'no-definition', message: `no ${ref.kind} in ${ref.apiVersion}` };
    const isApply = way === 'apply';
    const answer = await this.client.send({
      method: isApply ? 'PATCH' : 'PUT',
      path: `${pathOf(ref, kind)}${queryOf({ ...(isApply ? applyQuery : { fieldManager }), dryRun: 'All' })}`,
      body: JSON.stringify(object),
      contentType: isApply ? applyType : 'application/json',
      repeatable: true,
    });
    if (answer.status < 300) return { is: 'merged', object: answer.json as KubeObject };
    const fields = immutableFields(answer);
    if (fields) return { is: 'immutable', fields };
    const unavailable = noDryRun(answer);
    if (unavailable) return { is: 'unavailable', ...unavailable };
    throw failure(answer, `the API server refuses ${nameOf(ref)}`);
  }

  async logs({
    namespace,
    name,
    container,
    lines = 20,
    previous,
  }: Parameters<KubeReader['logs']>[0]): Promise<readonly string[]> {
    const query = queryOf({ container, tailLines: String(lines), previous: previous ? 'true' : undefined });
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log${query}`;
    const answer = await this.client.send({ method: 'GET', path, repeatable: true, isText: true });
    // 204: the pod has no node yet; 400: the container hasn't started; 404: the pod is gone.
    if (answer.status === 204 || answer.status === 400 || answer.status === 404) return [];
    if (answer.status !== 200) throw failure(answer, `reading the log of pod ${namespace}/${name}`);
    return answer.body.split('\n').filter((line) => line !== '');
  }

  async identity(): Promise<string> {
    const answer = await this.client.send({ method: 'GET', path: identityPath, repeatable: true });
    const uid = textOf(asFields(asFields(answer.json).metadata).uid);
    if (answer.status === 200 && uid !== '') return uid;
    if (answer.status !== 404) throw failure(answer, 'reading Namespace kube-system');
    throw new CairnError(problem('kube-failed', 'the cluster has no namespace kube-system, by which it is known'));
  }

  async version(): Promise<string> {
    const answer = await this.client.send({ method: 'GET', path: '/version', repeatable: true });
    if (answer.status !== 200) throw failure(answer, "reading the server's version");
    return textOf(asFields(JSON.parse(answer.body)).gitVersion);
  }

  async forward({ namespace, name }: { namespace: string; name: string }, port: number): Promise<Forward> {
    const { forwardToPod } = await import('./forward.ts');
    return forwardToPod(this.client, { namespace, name, port });
  }

  async kinds(): ReturnType<KubeReader['kinds']> {
    const all = await this.discovery.all();
    return all.filter(({ verbs }) => verbs.includes('list') && verbs.includes('delete'));
  }
}

export const applyType = 'application/apply-patch+yaml';
export const applyQuery = { fieldManager, force: 'true' };

export function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** `Deployment devpi/redis`. */
export function nameOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
