import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalTools } from '../../../src/connect/local/tools.ts';
import { handleOf } from '../../../src/model/resource.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type DownloadWant, download } from '../../../src/resources/host/download.ts';
import { sha256Of } from '../../../src/resources/host/path-image.ts';
import { worlds } from '../../contract/host/worlds.ts';
import { writeAll } from '../../contract/host/write-all.ts';
import { type FileServer, startFileServer } from '../../rig/file-server.ts';

const tool = Buffer.from([0, 255, 13, 10, 0x23]);
const sha256 = sha256Of(tool);
const token = 'canary-of-the-download-5b1e';
let server: FileServer;
let other: FileServer;
let folder: string;
let asked: { readonly path: string; readonly authorization: string | undefined }[] = [];

beforeAll(async () => {
  other = await startFileServer((request, response) => {
    asked.push({ path: `other ${request.url}`, authorization: request.headers.authorization });
    response.end(tool);
  });
  const leads: Readonly<Record<string, string>> = {
    '/to-file': 'file:///etc/hostname',
    '/to-http': 'http://127.0.0.1:1/tool',
    '/to-other': `${other.origin}/tool`,
    '/to-tool': '/tool',
    '/around': '/around',
  };
  server = await startFileServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ path, authorization: request.headers.authorization });
    const location = leads[path];
    if (location !== undefined) response.writeHead(302, { location }).end();
    else if (path === '/lies') response.end('something else');
    else if (path === '/breaks') {
      response.writeHead(200, { 'content-length': 1000 }).write(tool);
      setTimeout(() => response.destroy(), 20);
    } else if (path.startsWith('/tool')) response.end(tool);
    else response.writeHead(404).end();
  });
});
afterAll(async () => {
  await server.close();
  await other.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-download-'));
  asked = [];
});

async function partsOf(path: string, at: string, want: DownloadWant = {}) {
  const spec = {
    path: at,
    url: path.startsWith('/') ? `${server.origin}${path}` : path,
    sha256,
    ca: server.ca,
    ...want,
  };
  const { type, id, want: given } = handleOf(download(spec));
  const tools = new LocalTools({ root: folder, env: process.env, cache: join(folder, 'cache') });
  return ((await type.expand?.(id, given, { tools, kube: null, host: null, declared: [] })) ?? []).map(handleOf);
}

const kept = (): readonly string[] => readdirSync(folder, { recursive: true }) as string[];

describe.each(Object.entries(worlds))('a download on %s', (_, open) => {
  it('is there with its bytes and its mode, is fetched once, and undo takes it away', async () => {
    const world = await open();
    const before = world.tree();
    const at = `${world.folder}/tool`;
    const undo = await writeAll(await partsOf('/tool?sig=1', at, { mode: '0755' }), world);
    expect(await world.reader.ask({ ask: 'sha256', path: at })).toBe(sha256);
    expect(await world.reader.ask({ ask: 'stat', path: at })).toMatchObject({ mode: '0755', owner: 'root' });
    for (const { type, id, want } of await partsOf('/tool?sig=1', at, { mode: '0755' })) {
      const again = await type.read(id, world.reader as never);
      expect(again.is === 'present' && type.diff(again.live, want as never).changes).toEqual([]);
    }
    expect(asked).toHaveLength(1);
    await undo();
    expect(world.tree()).toEqual(before);
    await world.close();
  });
});

describe('a download', () => {
  it.each([
    ['with other bytes', '/lies', 'wrong-checksum', /is not what it should be: its sha256 is [0-9a-f]{64}/],
    ['that breaks off', '/breaks', 'download-failed', /broke off after 5 bytes/],
    ['that leads to a file', '/to-file', 'download-failed', /leads to a file: URL, which is not followed/],
    ['that leads out of TLS', '/to-http', 'download-failed', /leads to a http: URL, which is not followed/],
    ['that leads in circles', '/around', 'download-failed', /more than 5 times/],
    ['that is not there', '/none', 'download-failed', /the answer is 404/],
  ])('%s is refused, and nothing is kept of it', async (_, path, code, why) => {
    const made = partsOf(path, '/opt/tool');
    await expect(made).rejects.toMatchObject({ code });
    await expect(made).rejects.toThrow(why);
    expect(kept()).toEqual([]);
  });

  it('sends its headers to its own server alone, and names no secret when it fails', async () => {
    const headers = { authorization: new Secret(`Bearer ${token}`) };
    await partsOf('/to-tool', '/opt/tool', { headers });
    expect(asked.map(({ authorization }) => authorization)).toEqual([`Bearer ${token}`, `Bearer ${token}`]);
    const error: unknown = await partsOf('/to-other', '/opt/tool', { headers, ca: other.ca }).catch(
      (one: unknown) => one,
    );
    expect(inspect(error, { depth: 9 })).not.toContain(token);
    rmSync(join(folder, 'cache'), { recursive: true });
    asked = [];
    await partsOf('/to-other', '/opt/tool', { headers, ca: `${server.ca}\n${other.ca}` });
    expect(asked).toEqual([
      { path: '/to-other', authorization: `Bearer ${token}` },
      { path: 'other /tool', authorization: undefined },
    ]);
  });

  it('of which somebody changed the kept copy is fetched again', async () => {
    await partsOf('/tool', '/opt/tool');
    writeFileSync(join(folder, 'cache', sha256), 'spoilt');
    const [part] = await partsOf('/tool', '/opt/tool');
    expect(part?.want).toMatchObject({ content: tool });
    expect(asked).toHaveLength(2);
  });

  it('from a server that nobody trusts is refused', async () => {
    const made = partsOf('/tool', '/opt/tool', { ca: other.ca });
    await expect(made).rejects.toMatchObject({ code: 'download-failed' });
  });

  it('goes through the proxy that the environment names', async () => {
    const proxy = createServer();
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
    const through = new Promise((seen) =>
      proxy.on('connect', (request, socket) => {
        seen(request.url);
        socket.end();
      }),
    );
    const env = { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    const tools = new LocalTools({ root: folder, env, cache: join(folder, 'cache') });
    const made = tools.download({ url: 'https://nowhere.invalid/tool', sha256 });
    await expect(made).rejects.toMatchObject({ code: 'download-failed' });
    expect(await through).toBe('nowhere.invalid:443');
    proxy.close();
  });

  it('without a sum, a URL or with a login in it is a problem that lint finds', async () => {
    const summaries = async (of: object): Promise<unknown> => {
      const { type, id } = handleOf(download({ path: '/opt/tool', url: 'https://x.invalid/a', sha256, ...of }));
      return (await type.inspect?.(id, new LocalTools({ root: folder, env: {} })))?.map(({ summary }) => summary);
    };
    expect(await summaries({})).toEqual([]);
    expect(await summaries({ sha256: 'abc' })).toEqual(['/opt/tool has no sha256 of 64 hex digits']);
    expect(await summaries({ url: 'file:///etc/passwd' })).toEqual(['what to download to /opt/tool has no http URL']);
    expect(await summaries({ url: 'https://a:b@x.invalid/' })).toEqual([
      'the URL to download to /opt/tool holds a login',
    ]);
  });

  it('sends no header in the clear', async () => {
    const made = partsOf('http://localhost:1/tool', '/opt/tool', { headers: { authorization: new Secret(token) } });
    await expect(made).rejects.toThrow(/in the clear/);
  });
});
