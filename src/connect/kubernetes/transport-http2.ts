import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { type Answer, type Line, NotSent, type Sent, type Transport } from './transport.ts';

/** Bytes that the server may send ahead, a request and all together: 64 KiB would hold up long lists on far servers. */
const window = { one: 1 << 20, all: 8 << 20 };

/** Speaks HTTP/2 over a connected socket. When the server ends the session, `send` rejects and a new transport is due. */
export function openHttp2(server: URL, socket: TLSSocket): Transport {
  const settings = { initialWindowSize: window.one };
  const session = connect(server, { createConnection: () => socket, settings });
  session.once('connect', () => session.setLocalWindowSize(window.all));
  // Requests carry the error; without a listener it would end the process.
  session.on('error', () => {});
  session.unref();
  const line: Line = { send: (request) => send(session, request), done: () => {} };
  return {
    line: () => line,
    retire: () => session.close(),
    close: () => session.destroy(),
  };
}

async function send(session: ClientHttp2Session, request: Sent): Promise<Answer> {
  const { timeout, body } = request;
  const stream = start(session, request);
  const answer = collect(stream);
  if (body !== undefined) stream.end(body);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    // A peer that says nothing may be gone without a word: the next request shall not wait for it too.
    timer = setTimeout(() => {
      reject(new Error(`no answer after ${timeout / 1000} s`));
      session.destroy();
    }, timeout);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function start(session: ClientHttp2Session, { method, path, headers, body }: Sent): ClientHttp2Stream {
  if (session.closed || session.destroyed) throw new NotSent('the server ended the connection');
  try {
    // Node takes a DELETE to have no body unless told.
    return session.request({ ':method': method, ':path': path, ...headers }, { endStream: body === undefined });
  } catch (error) {
    throw new NotSent(error instanceof Error ? error.message : String(error));
  }
}

function collect(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let length = 0;
    let ended = false;
    const headers: Record<string, string> = {};
    stream.on('response', (fields) => {
      status = fields[':status'] ?? 0;
      for (const [name, value] of Object.entries(fields)) headers[name] = String(value);
    });
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
    });
    stream.on('end', () => {
      ended = true;
    });
    stream.on('error', (error) => reject(isRefused(stream) ? new NotSent(error.message) : error));
    // Only now: Node ends a stream that was cut just as it ends a whole one.
    stream.on('close', () => {
      const isWhole = ended && status !== 0 && stream.rstCode === constants.NGHTTP2_NO_ERROR;
      if (isWhole && length >= Number(headers['content-length'] ?? 0)) {
        resolve({ status, headers, body: Buffer.concat(chunks).toString() });
      } else if (isRefused(stream)) reject(new NotSent('the server took no more requests'));
      else reject(new Error('the connection ended before the whole answer'));
    });
  });
}

// Sent, but never looked at: https://www.rfc-editor.org/rfc/rfc9113#name-request-reliability
function isRefused({ rstCode }: ClientHttp2Stream): boolean {
  return rstCode === constants.NGHTTP2_REFUSED_STREAM;
}
