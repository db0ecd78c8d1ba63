import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Access } from './kubeconfig.ts';

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the whole answer must be there. */
  readonly timeout: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** It didn't leave this machine, or the server says that it never looked at it: it had no effect. */
export class NotSent extends Error {}

/** Carries requests to one server. Rejects with a plain error when the connection broke or the time is over. */
export interface Transport {
  send(request: Sent): Promise<Answer>;
  /** Takes no more requests, lets those on their way end. */
  retire(): void;
  close(): void;
}

/** Milliseconds to reach the server at all. */
const connectTimeout = 10_000;

/** One HTTP/2 connection where the server speaks it (one handshake for everything in flight), else kept HTTP/1.1 ones. */
export async function openTransport({ server, tls }: Access): Promise<Transport> {
  if (server.protocol === 'http:') return (await import('./transport-http1.ts')).openHttp1(server, tls);
  const socket = await secureSocket(server, tls);
  if (socket.alpnProtocol === 'h2') return (await import('./transport-http2.ts')).openHttp2(server, socket);
  socket.destroy();
  return (await import('./transport-http1.ts')).openHttp1(server, tls);
}

function secureSocket(server: URL, tls: Access['tls']): Promise<TLSSocket> {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const port = Number(server.port || 443);
  const socket = connectTls({
    host,
    port,
    ALPNProtocols: ['h2', 'http/1.1'],
    ...(isName(host) ? { servername: host } : {}),
    ...tls,
  });
  socket.setNoDelay(true);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection after ${connectTimeout / 1000} s`)),
      connectTimeout,
    );
    const settle = (done: () => void) => (): void => {
      clearTimeout(timer);
      done();
    };
    socket.once(
      'secureConnect',
      settle(() => resolve(socket)),
    );
    socket.once('error', (error) => settle(() => reject(error))());
  });
}

// A server name may not be an address.
function isName(host: string): boolean {
  return !/^[\d.]+$|:/.test(host);
}
