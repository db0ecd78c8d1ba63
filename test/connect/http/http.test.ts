import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { http } from '../../../src/connect/http/http.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type FileServer, startFileServer } from '../../rig/file-server.ts';

let [server, other]: FileServer[] = [];
let seen: { readonly at: string; readonly method: string | undefined; readonly headers: object }[] = [];

beforeAll(async () => {
  other = await startFileServer((request, response) => {
    seen.push({ at: `other ${request.url}`, method: request.method, headers: request.headers });
    response.end('there');
  });
  const leads: Readonly<Record<string, string>> = {
    '/here': '/end',
    '/other': `${other.origin}/end`,
    '/file': 'file:///etc/hostname',
    '/clear': 'http://127.0.0.1:1/',
  };
  server = await startFileServer((request, response) => {
    seen.push({ at: request.url ?? '', method: request.method, headers: request.headers });
    const location = leads[request.url ?? ''];
    if (location === undefined) response.end('here');
    else response.writeHead(307, { location }).end();
  });
});
afterAll(async () => {
  await server?.close();
  await other?.close();
});
beforeEach(() => {
  seen = [];
});

const send = async (path: string) =>
  await http.send(`${server?.origin}${path}`, {
    method: 'POST',
    headers: { 'x-token': new Secret('canary-of-the-check'), cookie: 'a=b', accept: 'text/plain' },
    basic: { user: 'u', password: 'p' },
    body: 'for the first alone',
    ca: `${server?.ca}\n${other?.ca}`,
    redirect: 'follow',
  });

it('a redirect to another place of the same server gets the same request', async () => {
  expect(await send('/here')).toMatchObject({ status: 200, body: 'here' });
  expect(seen[1]).toMatchObject({ at: '/end', method: 'POST', headers: { 'x-token': 'canary-of-the-check' } });
});

it('a redirect to another server gets nothing that was meant for the first', async () => {
  expect(await send('/other')).toMatchObject({ status: 200, body: 'there' });
  expect(seen[1]).toMatchObject({ at: 'other /end', method: 'GET', headers: { accept: 'text/plain' } });
  for (const name of ['x-token', 'cookie', 'authorization', 'content-length'])
    expect(seen[1]?.headers).not.toHaveProperty(name);
});

it.each([
  ['/file', 'a file: URL'],
  ['/clear', 'a http: URL'],
])('a redirect out of TLS is not followed: %s', async (path, what) => {
  await expect(send(path)).rejects.toThrow(`leads to ${what}, which is not followed`);
});
