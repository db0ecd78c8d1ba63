import {
  CairnError,
  gate,
  type HttpRequest,
  type HttpResponse,
  k8s,
  problem,
  type Resource,
  Secret,
  type VarsOf,
} from '@cairnhq/cairn';
import { authority, authorityKey, type Outside } from '../gateway/authority.ts';
import type { gateway } from '../gateway/index.ts';
import { type devpi, names } from './index.ts';

/** What it takes to speak with the index from outside. */
export interface Vars {
  readonly devpi: VarsOf<typeof devpi>;
  readonly gateway: VarsOf<typeof gateway>;
}

/** The server with what is in it, as devpi's root finds it through the gateway. */
export function serverOf({ devpi: { apiHost, namespace }, gateway }: Vars) {
  return {
    url: `https://${apiHost}`,
    password: { kind: 'Secret', namespace, name: names.root, key: 'password' },
    ca: authorityKey(gateway),
    connectTo: gateway.address,
  } as const;
}

/** Asks the API host as JSON, through the gateway, whatever this machine's resolver says. */
export async function ask(
  { devpi: { apiHost }, gateway }: Vars,
  outside: Outside,
  path: string,
  request: HttpRequest = {},
): Promise<HttpResponse> {
  const ca = await authority(gateway, outside);
  return outside.http.send(`https://${apiHost}${path}`, {
    connectTo: gateway.address,
    ...(ca === undefined ? {} : { ca }),
    ...request,
    headers: { accept: 'application/json', ...request.headers },
  });
}

/** The `result` of an answer; null when a GET finds nothing. @throws CairnError `devpi-refused` for any other status but 2xx */
export async function askResult(
  vars: Vars,
  outside: Outside,
  path: string,
  request?: HttpRequest,
): Promise<Readonly<Record<string, unknown>> | null> {
  const { status, body } = await ask(vars, outside, path, request);
  if (status === 404 && request?.method === undefined) return null;
  if (status < 200 || status > 299) {
    const method = request?.method ?? 'GET';
    const said = `${method} https://${vars.devpi.apiHost}${path} → ${status}: ${messageOf(body)}`;
    throw new CairnError(problem('devpi-refused', said));
  }
  return (JSON.parse(body) as { readonly result?: Readonly<Record<string, unknown>> }).result ?? {};
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { readonly message?: string }).message ?? body.slice(0, 200);
  } catch {
    return body.slice(0, 200);
  }
}

// False while there is nothing to ask: no server that is available, or no route to it.
async function isServed({ devpi: { namespace, route } }: Vars, { kube }: Pick<Outside, 'kube'>): Promise<boolean> {
  const apiVersion = route === 'HTTPRoute' ? 'gateway.networking.k8s.io/v1' : 'networking.k8s.io/v1';
  const [server, way] = await Promise.all([
    kube.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: names.server }),
    kube.get({ apiVersion, kind: route, namespace, name: names.api }),
  ]);
  const { availableReplicas = 0 } = (server?.status ?? {}) as { readonly availableReplicas?: number };
  return availableReplicas > 0 && way !== null;
}

/** Where the server keeps its users and indexes: they go with it. */
export function claim({ devpi: { namespace } }: Vars): Resource<unknown> {
  return k8s.existing.object({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: names.claim });
}

/** Waits until there is a server to ask. */
export function served(vars: Vars): Resource<object> {
  const until = async (world: Pick<Outside, 'kube'>): Promise<true | string> =>
    (await isServed(vars, world)) ||
    `Deployment ${vars.devpi.namespace}/${names.server} behind its ${vars.devpi.route}`;
  return gate({ id: 'the index is served', until });
}

/** A password from one of the Secrets of this role. */
export async function passwordIn(
  name: string,
  { devpi: { namespace } }: Vars,
  { kube }: Pick<Outside, 'kube'>,
): Promise<Secret> {
  const found = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  const { password } = (found?.data ?? {}) as { readonly password?: string };
  if (password !== undefined) return new Secret(Buffer.from(password, 'base64').toString());
  throw new CairnError(problem('no-password', `Secret ${namespace}/${name} holds no password`));
}

interface Login {
  readonly user: string;
  readonly password: Secret | string;
}

/** True when the server takes a user's password. */
export async function isAccepted(vars: Vars, outside: Outside, login: Login): Promise<boolean> {
  const { status } = await ask(vars, outside, '/+login', { method: 'POST', json: login });
  if (status === 200 || status === 401) return status === 200;
  throw new CairnError(problem('devpi-refused', `POST https://${vars.devpi.apiHost}/+login → ${status}`));
}
