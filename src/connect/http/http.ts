import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Http, HttpRequest, HttpResponse } from '../../model/http.ts';
import { revealText, Secret } from '../../model/secret.ts';
import { plainHttp, secureHttp, tls } from '../builtin.ts';

const defaultTimeout = 10_000;
const mostRedirects = 5;

/** HTTP over node:http and node:https; no connection outlives its answer, so nothing has to be closed. */
export const http: Http = { send: (url, request = {}) => follow(new URL(url), request, mostRedirects) };

async function follow(url: URL, request: HttpRequest, left: number): Promise<HttpResponse> {
  const response = await once(url, request);
  const { location } = response.headers;
  const redirected = response.status >= 300 && response.status < 400 && location !== undefined;
  if (!redirected || request.redirect !== 'follow' || left === 0) return response;
  const next = nextOf(url, location);
  return follow(next, next.origin === url.origin ? request : forStrangers(request), left - 1);
}

function nextOf(url: URL, location: string): URL {
  const next = URL.parse(location, url);
  if (next && (next.protocol === 'https:' || (next.protocol === 'http:' && url.protocol === 'http:'))) return next;
  const summary = `${url.origin} leads to ${next ? `a ${next.protocol} URL` : 'what is no URL'}, which is not followed`;
  throw new CairnError(problem('http-unreachable', summary));
}

// Whoever is elsewhere doesn't get what was meant for this one.
function forStrangers({ headers = {}, basic: _, body: __, json: ___, method, ...rest }: HttpRequest): HttpRequest {
  const plain = Object.entries(headers).filter(
    ([name, value]) => !(value instanceof Secret) && !/^(?:proxy-)?authorization$|^cookie$/i.test(name),
  );
  return { ...rest, headers: Object.fromEntries(plain), method: method === 'HEAD' ? 'HEAD' : 'GET' };
}

function once(url: URL, request: HttpRequest): Promise<HttpResponse> {
  const { request: send } = url.protocol === 'https:' ? secureHttp() : plainHttp();
  const body = bodyOf(request);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(unreachable(url, error));
    const call = send(url, optionsOf(url, request, body), (incoming) => collect(incoming, resolve, fail));
    call.on('error', fail);
    call.end(body);
  });
}

function optionsOf(url: URL, request: HttpRequest, body: string | Uint8Array | undefined): RequestOptions {
  const { address, port } = connectTo(request.connectTo);
  return {
    method: request.method ?? (request.body !== undefined || request.json !== undefined ? 'POST' : 'GET'),
    headers: { host: url.host, ...headersOf(request), ...lengthOf(body) },
    signal: AbortSignal.timeout(request.timeout ?? defaultTimeout),
    agent: false,
    servername: url.hostname,
    ...(address === undefined ? {} : { hostname: address }),
    ...(port === undefined ? {} : { port }),
    ...(request.ca === undefined ? {} : { ca: [...tls().rootCertificates, request.ca] }),
  };
}

// Without it, Node sends the body of a DELETE as if it were none: the server takes it for the next request.
function lengthOf(body: string | Uint8Array | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

function connectTo(place: string | undefined): { address?: string; port?: number } {
  if (place === undefined) return {};
  const [address = '', port] = place.split(':');
  return { address, ...(port === undefined ? {} : { port: Number(port) }) };
}

function headersOf({ headers = {}, basic, json }: HttpRequest): Record<string, string> {
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, revealText(value)]));
  if (json !== undefined) plain['content-type'] ??= 'application/json';
  if (basic)
    plain.authorization = `Basic ${Buffer.from(`${basic.user}:${revealText(basic.password)}`).toString('base64')}`;
  return plain;
}

function bodyOf({ body, json }: HttpRequest): string | Uint8Array | undefined {
  if (json !== undefined) return JSON.stringify(revealAll(json));
  return body instanceof Secret ? revealText(body) : body;
}

function revealAll(value: unknown): unknown {
  if (value instanceof Secret) return revealText(value);
  if (Array.isArray(value)) return value.map(revealAll);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealAll(inner)]));
}

function collect(
  incoming: IncomingMessage,
  resolve: (response: HttpResponse) => void,
  fail: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('error', fail);
  incoming.on('end', () => {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    );
    resolve({ status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString('utf8') });
  });
}

function unreachable(url: URL, error: Error & { code?: string }): CairnError {
  const because =
    error.name === 'TimeoutError' || error.name === 'AbortError' ? 'no answer in time' : (error.code ?? error.message);
  return new CairnError(
    problem('http-unreachable', `${url.origin} gives no answer: ${because}`, { detail: [error.message] }),
  );
}
