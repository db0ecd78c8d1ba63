import { KubeClient } from '../../../src/connect/kubernetes/client.ts';
import { Discovery, type ServedKind } from '../../../src/connect/kubernetes/discovery.ts';
import { readAccess } from '../../../src/connect/kubernetes/kubeconfig.ts';
import { collectionOf, pathOf } from '../../../src/connect/kubernetes/paths.ts';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import { idOf } from '../../../src/resources/kubernetes/id.ts';
import type { ApiServer } from '../../rig/apiserver.ts';

/** The hands of other people on a real API server: they write under any name. Each answers whether it was accepted. */
export interface Hands {
  /** Something new. */
  make(object: KubeObject, manager: string): Promise<boolean>;
  /** By Update, the whole object; `scale` writes that subresource. */
  put(object: KubeObject, manager: string, subresource?: 'scale'): Promise<boolean>;
  /** By server-side apply, with force. */
  apply(object: KubeObject, manager: string): Promise<boolean>;
  close(): void;
}

/** The same where they also take away, and look for themselves. */
export interface ManyHands extends Hands {
  remove(object: KubeObject): Promise<boolean>;
  /** What a controller says of it, whatever it was before. */
  say(object: KubeObject, status: object): Promise<boolean>;
  /** All of a kind in a namespace, whole. */
  list(kind: KindOf, namespace: string): Promise<readonly KubeObject[]>;
}

const known = new WeakMap<ApiServer, Promise<ManyHands>>();

/** The same hands for everybody on a server: one connection. */
export function handsOf(rig: ApiServer): Promise<ManyHands> {
  const hands = known.get(rig) ?? handsOn(rig);
  known.set(rig, hands);
  return hands;
}

type KindOf = Pick<ObjectRef, 'apiVersion' | 'kind'>;
type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export async function handsOn({ kubeconfig, context }: ApiServer): Promise<ManyHands> {
  const access = await readAccess(kubeconfig, context);
  // What these hands do is not Cairn's doing.
  const client = new KubeClient({ ...access, headers: { ...access.headers, 'user-agent': 'hands' } });
  const discovery = new Discovery(client);
  const found = async (ref: KindOf): Promise<ServedKind> => {
    const kind = await discovery.find(ref);
    if (!kind) throw new Error(`no kind ${ref.kind}`);
    return kind;
  };
  const send = async (method: Method, object: KubeObject, rest: string, at: KubeObject = object): Promise<boolean> => {
    const kind = await found(at);
    const contentType = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json';
    const place = method === 'POST' ? collectionOf(kind, at.metadata.namespace) : pathOf(idOf(at), kind);
    const path = `${place}${rest}`;
    const body = method === 'DELETE' ? {} : { body: JSON.stringify(object) };
    const answer = await client.send({ method, path, ...body, contentType, repeatable: false });
    return answer.status < 300;
  };
  return {
    make: (object, manager) => send('POST', object, `?fieldManager=${manager}`),
    put: (object, manager, subresource) =>
      subresource === undefined
        ? send('PUT', object, `?fieldManager=${manager}`)
        : send('PUT', scaleOf(object), `/scale?fieldManager=${manager}`, object),
    apply: (object, manager) => send('PATCH', object, `?fieldManager=${manager}&force=true`),
    say: ({ apiVersion, kind, metadata: { name, namespace = '' }, spec }, status) => {
      const object = { apiVersion, kind, metadata: { name, namespace }, spec, status };
      return send('PUT', object, '/status?fieldManager=controller');
    },
    remove: (object) => send('DELETE', object, '?propagationPolicy=Background'),
    list: async ({ apiVersion, kind }, namespace) => {
      const path = collectionOf(await found({ apiVersion, kind }), namespace);
      const { json } = await client.send({ method: 'GET', path, repeatable: true });
      const { items } = json as { readonly items: readonly KubeObject[] };
      return items.map((object) => ({ ...object, apiVersion, kind }));
    },
    close: () => client.close(),
  };
}

function scaleOf({ metadata: { name, namespace }, spec }: KubeObject): KubeObject {
  const { replicas } = spec as { replicas: number };
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas } };
}
