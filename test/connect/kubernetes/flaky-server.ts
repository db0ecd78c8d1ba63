import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenCluster, openCluster } from '../../../src/connect/kubernetes/open.ts';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly at: number;
}

export type Respond = (response: ServerResponse, seen: Seen) => void;

/** A plain HTTP server that misbehaves like an API server in trouble, and a client of it. */
export interface Flaky {
  readonly cluster: OpenCluster;
  readonly seen: readonly Seen[];
  /** How the next requests are answered, in order; afterwards as `otherwise` says. */
  next(...responds: readonly Respond[]): void;
  close(): Promise<void>;
}

export async function openFlaky(otherwise: Respond): Promise<Flaky> {
  const seen: Seen[] = [];
  const queue: Respond[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const one = { method: request.method ?? '', path: request.url ?? '', body, at: Date.now() };
      if (one.path === '/api/v1') {
        answer(200, discovery)(response, one);
        return;
      }
      seen.push(one);
      (queue.shift() ?? otherwise)(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const folder = await mkdtemp(join(tmpdir(), 'cairn-flaky-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(`http://127.0.0.1:${port}`));
  const cluster = await openCluster({ kubeconfig, context: 'flaky' });
  return {
    cluster,
    seen,
    next: (...responds) => queue.push(...responds),
    close: async () => {
      cluster.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

/** An answer with a status, a JSON body and headers; an error is a Status, as an API server's is. */
export function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Respond {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(status < 400 ? body : { kind: 'Status', ...body }));
  };
}

/** The connection breaks before anything is answered. */
export const hangUp: Respond = (response) => {
  response.destroy();
};

const discovery = {
  resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['get', 'list', 'delete'] }],
};

function kubeconfigOf(server: string): string {
  return `
clusters: [{ name: flaky, cluster: { server: "${server}" } }]
users: [{ name: nobody, user: { token: secret-token } }]
contexts: [{ name: flaky, context: { cluster: flaky, user: nobody } }]
`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
