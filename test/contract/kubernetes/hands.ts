import { KubeClient } from '../../../src/connect/kubernetes/client.ts';
import { Discovery } from '../../../src/connect/kubernetes/discovery.ts';
import { readAccess } from '../../../src/connect/kubernetes/kubeconfig.ts';
import { collectionOf, pathOf } from '../../../src/connect/kubernetes/paths.ts';
import type { KubeObject } from '../../../src/model/kube.ts';
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

type Method = 'POST' | 'PUT' | 'PATCH';

export async function handsOn({ kubeconfig, context }: ApiServer): Promise<Hands> {
  const client = new KubeClient(await readAccess(kubeconfig, context));
  const discovery = new Discovery(client);
  const send = async (method: Method, object: KubeObject, rest: string, at: KubeObject = object): Promise<boolean> => {
    const kind = await discovery.find(at);
    if (!kind) throw new Error(`no kind ${object.kind}`);
    const contentType = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json';
    const place = method === 'POST' ? collectionOf(kind, at.metadata.namespace) : pathOf(idOf(at), kind);
    const path = `${place}${rest}`;
    const answer = await client.send({ method, path, body: JSON.stringify(object), contentType, repeatable: false });
    return answer.status < 300;
  };
  return {
    make: (object, manager) => send('POST', object, `?fieldManager=${manager}`),
    put: (object, manager, subresource) =>
      subresource === undefined
        ? send('PUT', object, `?fieldManager=${manager}`)
        : send('PUT', scaleOf(object), `/scale?fieldManager=${manager}`, object),
    apply: (object, manager) => send('PATCH', object, `?fieldManager=${manager}&force=true`),
    close: () => client.close(),
  };
}

function scaleOf({ metadata: { name, namespace }, spec }: KubeObject): KubeObject {
  const { replicas } = spec as { replicas: number };
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas } };
}
