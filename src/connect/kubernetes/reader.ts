import { CairnError, problem } from '../../model/diagnostic.ts';
import {
  type DryRun,
  fieldManager,
  type KubeObject,
  type KubeReader,
  type ListQuery,
  type ObjectRef,
} from '../../model/kube.ts';
import type { KubeClient } from './client.ts';
import { Discovery } from './discovery.ts';
import { failure, immutableFields, noDryRun } from './failure.ts';
import { asFields, asList } from './json.ts';
import { collectionOf, pathOf, queryOf, selectorsOf } from './paths.ts';

const pageSize = '500';

/** Reads a real cluster. */
export class RealKubeReader implements KubeReader {
  protected readonly client: KubeClient;
  protected readonly discovery: Discovery;

  constructor(client: KubeClient, discovery: Discovery = new Discovery(client)) {
    this.client = client;
    this.discovery = discovery;
  }

  async get(ref: ObjectRef): Promise<KubeObject | null> {
    const kind = await this.discovery.find(ref);
    if (!kind) return null;
    const answer = await this.client.send({ method: 'GET', path: pathOf(ref, kind), repeatable: true });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw failure(answer, `reading ${nameOf(ref)}`);
    return JSON.parse(answer.body) as KubeObject;
  }

  async list(query: ListQuery): Promise<readonly KubeObject[]> {
    const kind = await this.discovery.find(query);
    if (!kind) return [];
    const found: KubeObject[] = [];
    let next: string | undefined;
    do {
      const path = `${collectionOf(kind, query.namespace)}${queryOf({ ...selectorsOf(query), limit: pageSize, continue: next })}`;
      const answer = await this.client.send({ method: 'GET', path, repeatable: true });
      if (answer.status === 404) return [];
      if (answer.status !== 200) throw failure(answer, `listing ${query.kind}`);
      const page = asFields(JSON.parse(answer.body));
      const { apiVersion, kind: name } = query;
      // Items of a list don't say what they are.
      for (const item of asList(page.items)) found.push({ ...asFields(item), apiVersion, kind: name } as KubeObject);
      next = (asFields(page.metadata).continue as string | undefined) || undefined;
    } while (next !== undefined);
    return found;
  }

  async dryRun(object: KubeObject): Promise<DryRun> {
    const ref = refOf(object);
    const kind = await this.discovery.find(ref);
    if (!kind) return { is: 'unavailable', because: 'no-definition', message: `no ${ref.kind} in ${ref.apiVersion}` };
    const answer = await this.client.send({
      method: 'PATCH',
      path: `${pathOf(ref, kind)}${queryOf({ ...applyQuery, dryRun: 'All' })}`,
      body: JSON.stringify(object),
      contentType: applyType,
      repeatable: true,
    });
    if (answer.status < 300) return { is: 'merged', object: JSON.parse(answer.body) as KubeObject };
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
    const answer = await this.client.send({ method: 'GET', path, repeatable: true });
    // 400: the container hasn't started; 404: the pod is gone.
    if (answer.status === 400 || answer.status === 404) return [];
    if (answer.status !== 200) throw failure(answer, `reading the log of pod ${namespace}/${name}`);
    return answer.body.split('\n').filter((line) => line !== '');
  }

  async identity(): Promise<string> {
    const system = await this.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
    if (system?.metadata.uid) return system.metadata.uid;
    throw new CairnError(problem('kube-failed', 'the cluster has no namespace kube-system, by which it is known'));
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
