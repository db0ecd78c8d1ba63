import type { Access } from './kubeconfig.ts';
import { openSecureSocket } from './tunnel.ts';

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

/** One connection: where it once led, it always leads. */
export interface Line {
  /** Rejects with a plain error when the connection broke or the time is over. */
  send(request: Sent): Promise<Answer>;
  /** Who asked for it needs it no more. */
  done(): void;
}

/** Carries requests to one server. */
export interface Transport {
  /** A connection with room for a request; given back with `done`. */
  line(): Line;
  /** Takes no more requests, lets those on their way end. */
  retire(): void;
  close(): void;
}

/** One HTTP/2 connection where the server speaks it (one handshake for everything in flight), else kept HTTP/1.1 ones. */
export async function openTransport(access: Access): Promise<Transport> {
  if (access.server.protocol === 'http:') return (await import('./transport-http1.ts')).openHttp1(access);
  const socket = await openSecureSocket(access, ['h2', 'http/1.1']);
  if (socket.alpnProtocol === 'h2') return (await import('./transport-http2.ts')).openHttp2(access.server, socket);
  socket.destroy();
  return (await import('./transport-http1.ts')).openHttp1(access);
}
