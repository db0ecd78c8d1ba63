import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { plainHttp, secureHttp, tls } from '../builtin.ts';
import type { Access } from './kubeconfig.ts';
import type { ProxyServer } from './proxy.ts';

/** Milliseconds to reach a server at all, and as long again for a proxy on the way. */
const connectTimeout = 10_000;

type Way = Pick<Access, 'server' | 'tls' | 'proxy'>;

/** A plain connection to the server, through the proxy where there is one. */
function openSocket({ server, proxy }: Way): Promise<Socket> {
  const [host, port] = placeOf(server);
  if (proxy) return throughProxy(proxy, host, port);
  return connected(connect({ host, port }), 'connect');
}

/** A connection with TLS to the server, through the proxy where there is one. */
export async function openSecureSocket(way: Way, protocols: readonly string[]): Promise<TLSSocket> {
  const [host, port] = placeOf(way.server);
  const where = way.proxy ? { socket: await openSocket(way) } : { host, port };
  const socket = tls().connect({
    ...where,
    ALPNProtocols: [...protocols],
    ...(isName(host) ? { servername: host } : {}),
    ...way.tls,
  });
  socket.setNoDelay(true);
  return connected(socket, 'secureConnect');
}

// https://www.rfc-editor.org/rfc/rfc9110#name-connect
function throughProxy({ url, shown, authorization }: ProxyServer, host: string, port: number): Promise<Socket> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const [proxyHost, proxyPort] = placeOf(url);
  const { request: start } = url.protocol === 'https:' ? secureHttp() : plainHttp();
  const headers = { host: target, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) };
  // Without it, Node would take the name in the header for the proxy's own.
  const servername = isName(proxyHost) ? proxyHost : '';
  const place = { host: proxyHost, port: proxyPort, servername, agent: false };
  const call = start({ ...place, method: 'CONNECT', path: target, headers });
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: Error): void => reject(new Error(`the proxy ${shown} ${why}`, { cause }));
    const timer = setTimeout(
      () => call.destroy(new Error(`no answer after ${connectTimeout / 1000} s`)),
      connectTimeout,
    );
    call.once('connect', ({ statusCode = 0, statusMessage = '' }, socket: Socket) => {
      clearTimeout(timer);
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      fail(`refuses to reach ${target}: ${statusCode} ${statusMessage}`);
    });
    call.once('error', (error) => {
      clearTimeout(timer);
      fail(`can not be used: ${error.message}`, error);
    });
    call.end();
  });
}

function connected<S extends Socket>(socket: S, event: string): Promise<S> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection after ${connectTimeout / 1000} s`)),
      connectTimeout,
    );
    socket.once(event, () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function placeOf(url: URL): [host: string, port: number] {
  return [url.hostname.replace(/^\[|\]$/g, ''), Number(url.port || (url.protocol === 'https:' ? 443 : 80))];
}

// A server name may not be an address.
function isName(host: string): boolean {
  return !/^[\d.]+$|:/.test(host);
}

/** What an agent of node:http calls for a new connection. */
export type CreateConnection = (options: unknown, done: (error: Error | null, socket: Duplex) => void) => undefined;

/** Lets an agent open its connections the same way. */
export function connectionsOf(way: Way): CreateConnection {
  return (_, done) => {
    const opened = way.server.protocol === 'http:' ? openSocket(way) : openSecureSocket(way, ['http/1.1']);
    opened.then(
      (socket) => done(null, socket),
      // No socket comes with an error.
      (error: Error) => done(error, undefined as never),
    );
  };
}
