import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { TlsAccess } from './kubeconfig.ts';
import type { Answer, Sent, Transport } from './transport.ts';

const mostSockets = 16;

/** Speaks HTTP/1.1 over connections that are kept. */
export function openHttp1(server: URL, tls: TlsAccess): Transport {
  const keep = { keepAlive: true, maxSockets: mostSockets, noDelay: true };
  const isPlain = server.protocol === 'http:';
  const agent = isPlain ? new HttpAgent(keep) : new HttpsAgent({ ...keep, ...tls });
  const start = isPlain ? httpRequest : httpsRequest;
  return {
    send: ({ method, path, headers, body, timeout }: Sent) =>
      new Promise((resolve, reject) => {
        const signal = AbortSignal.timeout(timeout);
        // Node says nothing about the body of a DELETE by itself.
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        const sent = { ...headers, ...length };
        const request = start(new URL(path, server), { method, headers: sent, agent, signal }, (response) => {
          collect(response).then(resolve, reject);
        });
        request.on('error', reject);
        request.end(body);
      }),
    // What is idle doesn't keep the process alive.
    retire: () => {},
    close: () => agent.destroy(),
  };
}

async function collect(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString() };
}
