import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { Agent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { fieldManager, type KubeObject } from '../../../src/model/kube.ts';
import type { ApiServer } from '../apiserver.ts';
import type { Fault } from './faults.ts';
import { generic } from './snapshot.ts';

/** A request that reached the proxy, and what the API server really did with it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  /** The API server's answers: none where the fault kept it away, two where it was duplicated. */
  readonly done: readonly { readonly status: number; readonly mark: string | undefined }[];
}

/** What a fault has to play with. */
export interface Call {
  readonly request: Http2ServerRequest;
  readonly response: Http2ServerResponse;
  /** Sends it on, once each time it is called. */
  forward(): Promise<Upstream>;
  /** Answers as the API server did. */
  pass(upstream: Upstream): void;
  /** Breaks the client's connection, whatever else is on it. */
  cut(): void;
}

export interface Upstream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request among those of a run: the n-th of its kind, 1 being the first. */
export interface Place {
  readonly key: string;
  readonly nth: number;
}

/** What is the same for a request of all shops: `PATCH /api/v1/namespaces/NAME`. */
export function keyOf({ method, path }: Pick<Seen, 'method' | 'path'>): string {
  const [at = '', query = ''] = path.split('?');
  return `${method} ${generic(at)}${query.includes('dryRun=All') ? ', dry run' : ''}`;
}

/** TLS both ways in front of an API server; one request meets a fault. */
export interface FaultProxy {
  readonly kubeconfig: string;
  readonly context: string;
  readonly seen: readonly Seen[];
  /** @param on `keyOf` a request; its n-th from now meets the fault */
  arm(fault: Fault, on: Place): void;
  /** True once the fault struck. */
  readonly struck: boolean;
  close(): Promise<void>;
}

/** @param protocol what the proxy offers to clients */
export async function openFaultProxy(rig: ApiServer, protocol: 'h2' | 'http/1.1'): Promise<FaultProxy> {
  const folder = dirname(rig.kubeconfig);
  const [cert, key] = await Promise.all(['apiserver.crt', 'apiserver.key'].map((name) => readFile(join(folder, name))));
  const agent = new Agent({ keepAlive: true, ca: cert });
  const seen: Seen[] = [];
  const open = new Set<{ destroy(): unknown }>();
  let armed: { readonly fault: Fault; readonly key: string; left: number } | null = null;
  let struck = false;
  const server = createSecureServer({
    cert,
    key,
    allowHTTP1: true,
    ALPNProtocols: protocol === 'h2' ? ['h2', 'http/1.1'] : ['http/1.1'],
  });
  const keep = (one: ServerHttp2Session | Socket): void => {
    open.add(one);
    one.on('error', () => {}).once('close', () => open.delete(one));
  };
  server.on('session', keep);
  server.on('secureConnection', keep);
  server.on('request', (request, response) => void serve(request, response));

  async function serve(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    response.stream?.on('error', () => {});
    // Who goes away in the midst of it gets no answer.
    const body = await bodyOf(request).catch(() => null);
    if (body === null) return;
    const done: { status: number; mark: string | undefined }[] = [];
    seen.push({ method: request.method, path: request.url, done });
    const call: Call = {
      request,
      response,
      async forward() {
        const upstream = await forward(rig.server, agent, request, body);
        done.push({ status: upstream.status, mark: markOf(request.method, upstream) });
        return upstream;
      },
      pass: ({ status, headers, body: text }) => void response.writeHead(status, headers).end(text),
      cut: () => void (request.stream?.session ?? request.socket).destroy(),
    };
    if (armed?.key === keyOf({ method: request.method, path: request.url })) armed.left -= 1;
    const fault = armed?.left === 0 ? armed.fault : null;
    if (fault) {
      armed = null;
      struck = true;
    }
    try {
      if (fault) await fault.strike(call);
      else call.pass(await call.forward());
    } catch {
      call.cut();
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const kubeconfig = join(folder, `proxy-${randomBytes(4).toString('hex')}`);
  await writeFile(
    kubeconfig,
    (await readFile(rig.kubeconfig, 'utf8')).replace(rig.server, `https://127.0.0.1:${port}`),
  );
  return {
    kubeconfig,
    context: rig.context,
    seen,
    arm(fault, { key, nth }) {
      armed = { fault, key, left: nth };
      struck = false;
    },
    get struck() {
      return struck;
    },
    async close() {
      for (const one of open) one.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(server: string, agent: Agent, request: Http2ServerRequest, body: string): Promise<Upstream> {
  const sent = Object.entries(request.headers).filter(([name]) => !name.startsWith(':') && !hop.has(name));
  const headers = { ...Object.fromEntries(sent), 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const call = httpsRequest(new URL(request.url, server), { method: request.method, headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const kept = Object.entries(answer.headers).filter(([name]) => !hop.has(name));
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: answer.statusCode ?? 0,
          headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
          body: text,
        });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

const hop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'accept-encoding']);

/** What a write left: a version of the object; the deletion of one is the same however often it is asked for. */
function markOf(method: string, { body, status }: Upstream): string | undefined {
  if (status >= 300) return undefined;
  try {
    const { metadata, details } = JSON.parse(body);
    if (method === 'DELETE') return `deleted ${metadata?.uid ?? details?.uid}`;
    // A controller's status makes a new version, too.
    return metadata?.generation === undefined ? metadata?.resourceVersion : contentOf(metadata);
  } catch {
    return undefined;
  }
}

function contentOf({ uid, generation, managedFields = [] }: NonNullable<KubeObject['metadata']>): string {
  const ours = managedFields.filter((entry) => entry.manager === fieldManager && entry.subresource === undefined);
  return JSON.stringify([uid, generation, ours]);
}

async function bodyOf(request: Http2ServerRequest): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
