import { CairnError, type HttpResponse, problem, type VarsOf } from '@cairnhq/cairn';
import { authority, type Outside } from '../gateway/authority.ts';
import type { gateway } from '../gateway/index.ts';
import { names, type objectStore } from './index.ts';
import { type Keys, signatureOf } from './signature.ts';

export interface Vars {
  readonly objectStore: VarsOf<typeof objectStore>;
  readonly gateway: VarsOf<typeof gateway>;
}

export interface Call {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Bucket, and the object in it: `/argo-artifacts/hello`. */
  readonly path: string;
  readonly body?: string;
}

/** Sends one request through the gateway, signed; without keys as nobody. */
export async function send(vars: Vars, outside: Outside, keys: Keys | null, call: Call): Promise<HttpResponse> {
  const { method, path, body = '' } = call;
  const { host } = vars.objectStore;
  const ca = await authority(vars.gateway, outside);
  return await outside.http.send(`https://${host}${path}`, {
    method,
    headers: keys === null ? {} : signatureOf(keys, { method, host, path, body, at: new Date() }),
    ...(body === '' ? {} : { body }),
    connectTo: vars.gateway.address,
    ...(ca === undefined ? {} : { ca }),
  });
}

/** Sends one by the store's login. @throws CairnError `s3-refused` for a status that isn't among the expected ones */
export async function demand(
  vars: Vars,
  outside: Outside,
  call: Call,
  expected: readonly number[],
): Promise<HttpResponse> {
  const answer = await send(vars, outside, await keysIn(vars.objectStore, outside), call);
  if (expected.includes(answer.status)) return answer;
  const said = `${call.method} https://${vars.objectStore.host}${call.path} → ${answer.status}, expected ${expected.join(' or ')}`;
  throw new CairnError(problem('s3-refused', said, { detail: [answer.body.slice(0, 300)] }));
}

/** The login as the cluster holds it. */
async function keysIn({ namespace }: Vars['objectStore'], { kube }: Pick<Outside, 'kube'>): Promise<Keys> {
  const found = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: names.login });
  const { user, password } = (found?.data ?? {}) as { readonly user?: string; readonly password?: string };
  if (user === undefined || password === undefined)
    throw new CairnError(problem('no-password', `Secret ${namespace}/${names.login} holds no login`));
  const plain = (text: string) => Buffer.from(text, 'base64').toString();
  return { user: plain(user), password: plain(password) };
}
