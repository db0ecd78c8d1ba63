import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Upstream } from './proxy.ts';

/** One way in which a request may go wrong. */
export interface Fault {
  readonly name: string;
  /** Only HTTP/2 knows it. */
  readonly onlyHttp2?: true;
  strike(call: Call): Promise<void>;
}

const html = '<html><body>The gateway is not well</body></html>';

/** Everything that a request may meet between us and an API server. */
export const faults: readonly Fault[] = [
  { name: 'cut before it is sent on', strike: async ({ cut }) => cut() },
  { name: 'cut after it was done', strike: async ({ forward, cut }) => void (await forward().then(cut)) },
  { name: 'cut half way through the answer', strike: async (call) => cutHalfWay(call, await call.forward()) },
  { name: 'delayed by 3 s', strike: async ({ forward, pass }) => sleep(3000).then(forward).then(pass) },
  {
    name: 'sent twice, the second answer given',
    strike: async ({ forward, pass }) => forward().then(forward).then(pass),
  },
  {
    name: 'sent twice at once, the first answer given',
    strike: async ({ forward, pass }) => pass(await Promise.race([forward(), forward()])),
  },
  { name: 'stalled for ever, never done', strike: () => new Promise(() => {}) },
  { name: 'stalled for ever, but done', strike: async ({ forward }) => forward().then(() => new Promise(() => {})) },
  refused(409, 'Conflict', 'the object has been modified'),
  refused(410, 'Expired', 'the provided continue parameter is too old'),
  refused(429, 'TooManyRequests', 'too many requests', () => '1'),
  refused(503, 'ServiceUnavailable', 'the server is shutting down', () => new Date(Date.now() + 2000).toUTCString()),
  refused(500, 'InternalError', 'etcdserver: leader changed'),
  refused(503, 'ServiceUnavailable', 'apiserver not ready'),
  refused(504, 'Timeout', 'the request did not complete in time'),
  {
    name: '502 of a gateway',
    strike: async ({ response }) => void response.writeHead(502, { 'content-type': 'text/html' }).end(html),
  },
  doneBut(500, 'InternalError'),
  doneBut(503, 'ServiceUnavailable'),
  doneBut(504, 'Timeout'),
  { name: 'GOAWAY, not looked at', onlyHttp2: true, strike: async (call) => goAway(call, false) },
  { name: 'GOAWAY, and answered', onlyHttp2: true, strike: async (call) => goAway(call, true) },
  { name: 'half a body that ends well', strike: async (call) => endHalfWay(call, await call.forward()) },
  {
    name: '200 of something else, not sent on',
    strike: async ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end(html),
  },
  {
    name: '404 of something else, not sent on',
    strike: async ({ response }) => void response.writeHead(404, { 'content-type': 'text/html' }).end(html),
  },
  {
    name: '200 of something else, but done',
    strike: async ({ forward, response }) => {
      await forward();
      response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    },
  },
];

function refused(code: number, reason: string, message: string, after?: () => string): Fault {
  const told = after?.();
  const how = told === undefined ? '' : `, Retry-After ${/^\d+$/.test(told) ? `${told} s` : 'a date'}`;
  return {
    name: `${code}${how}`,
    strike: async ({ response }) => {
      const headers = { 'content-type': 'application/json', ...(after ? { 'retry-after': after() } : {}) };
      response.writeHead(code, headers).end(statusOf(code, reason, message));
    },
  };
}

function doneBut(code: number, reason: string): Fault {
  return {
    name: `${code}, but done`,
    strike: async ({ forward, response }) => {
      await forward();
      response.writeHead(code, { 'content-type': 'application/json' }).end(statusOf(code, reason, 'lost behind it'));
    },
  };
}

function statusOf(code: number, reason: string, message: string): string {
  return JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });
}

function halfOf(body: string): string {
  return body.slice(0, Math.floor(body.length / 2));
}

function cutHalfWay({ response, cut }: Call, { status, headers, body }: Upstream): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.write(halfOf(body), () => setTimeout(cut, 20));
}

function endHalfWay({ response }: Call, { status, headers, body }: Upstream): void {
  const { 'content-length': _, ...others } = headers;
  response.writeHead(status, others).end(halfOf(body));
}

async function goAway({ request, forward, pass }: Call, isAnswered: boolean): Promise<void> {
  const { session, id = 0 } = request.stream;
  session?.goaway(0, isAnswered ? id : id - 2);
  if (isAnswered) pass(await forward());
  else request.stream.close(7);
}
