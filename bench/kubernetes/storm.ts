import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Access, readAccess } from '../../src/connect/kubernetes/kubeconfig.ts';

/** How often each request is refused before it passes, and the seconds that it shall wait each time. */
const refusals = 2;
const retryAfter = 1;

/** A proxy before an API server that refuses every request a few times with 429. */
export interface Storm {
  readonly kubeconfig: string;
  readonly context: 'storm';
  readonly refused: () => number;
  /** Requests that came again before the time they were told. */
  readonly hasty: () => number;
  close(): Promise<void>;
}

interface Seen {
  refused: number;
  notBefore: number;
}

/** Raises the storm before the server of a kubeconfig's context. */
export async function raiseStorm(kubeconfig: string, context: string): Promise<Storm> {
  const access = await readAccess(kubeconfig, context);
  const agent = new Agent({ keepAlive: true, maxSockets: 64, ...access.tls });
  const requests = new Map<string, Seen>();
  let [refused, hasty] = [0, 0];
  const server = createServer((incoming, response) => {
    const key = `${incoming.method} ${incoming.url}`;
    const seen = requests.get(key) ?? { refused: 0, notBefore: 0 };
    if (Date.now() < seen.notBefore) hasty += 1;
    if (seen.refused === refusals) {
      requests.delete(key);
      pass(incoming, response, access, agent);
      return;
    }
    refused += 1;
    // A timer may be a little early.
    requests.set(key, { refused: seen.refused + 1, notBefore: Date.now() + retryAfter * 1_000 - 20 });
    incoming.resume();
    response.writeHead(429, { 'retry-after': String(retryAfter), 'content-type': 'application/json' });
    response.end('{"kind":"Status","message":"too many requests"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const folder = await mkdtemp(join(tmpdir(), 'cairn-storm-'));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, configFor(port));
  return {
    kubeconfig: file,
    context: 'storm',
    refused: () => refused,
    hasty: () => hasty,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

function pass(incoming: IncomingMessage, response: ServerResponse, { server, headers }: Access, agent: Agent): void {
  const { host: _, ...sent } = incoming.headers;
  const url = new URL(incoming.url ?? '/', server);
  const onward = request(url, { method: incoming.method, headers: { ...sent, ...headers }, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  incoming.pipe(onward);
}

function configFor(port: number): string {
  return JSON.stringify({
    clusters: [{ name: 'storm', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'nobody', user: {} }],
    contexts: [{ name: 'storm', context: { cluster: 'storm', user: 'nobody' } }],
  });
}
