import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Answer, Sent, Transport } from './transport.ts';

/** Speaks HTTP/2 over a connected socket. When the server ends the session, `send` rejects and a new transport is due. */
export function openHttp2(server: URL, socket: TLSSocket): Transport {
  const session = connect(server, { createConnection: () => socket });
  // Requests carry the error; without a listener it would end the process.
  session.on('error', () => {});
  session.unref();
  return {
    send: (request) => send(session, request),
    close: () => session.destroy(),
  };
}

function send(session: ClientHttp2Session, { method, path, headers, body, timeout }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (session.closed || session.destroyed) {
      reject(new Error('the server ended the connection'));
      return;
    }
    // Node takes a DELETE to have no body unless told.
    const endStream = body === undefined;
    const stream = session.request({ ':method': method, ':path': path, ...headers }, { endStream });
    // A peer that says nothing may be gone without a word: the next request shall not wait for it too.
    const timer = setTimeout(() => {
      stream.close(constants.NGHTTP2_CANCEL);
      session.destroy();
      reject(new Error(`no answer after ${timeout / 1000} s`));
    }, timeout);
    collect(stream)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
    if (!endStream) stream.end(body);
  });
}

function collect(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    const headers: Record<string, string> = {};
    stream.on('response', (fields) => {
      status = fields[':status'] ?? 0;
      for (const [name, value] of Object.entries(fields)) headers[name] = String(value);
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => reject(new Error('the connection ended before the answer')));
    stream.on('end', () => {
      if (status === 0) reject(new Error('the connection ended before the answer'));
      else resolve({ status, headers, body: Buffer.concat(chunks).toString() });
    });
  });
}
