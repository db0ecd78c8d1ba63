import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { smallestImage } from '../../../roles/registry/smallest-image.ts';
import { FakeKube } from '../../../src/connect/fake/kube.ts';
import { http } from '../../../src/connect/http/http.ts';
import { noGit } from '../../../src/model/git.ts';
import type { WorldReader } from '../../../src/model/ports.ts';
import type { Readiness, Reading } from '../../../src/model/resource.ts';
import { Secret } from '../../../src/model/secret.ts';
import { restore, step } from '../../../src/model/step.ts';
import { generated } from '../../../src/resources/kubernetes/issued/generated.ts';
import { dockerConfig } from '../../../src/resources/kubernetes/kinds/docker-config.ts';
import { secret } from '../../../src/resources/kubernetes/kinds/secret.ts';
import { type ImageSpec, image, imageType } from '../../../src/resources/registry/image.ts';
import { buildPrograms, rigTimeout, whyNo } from '../../rig/programs.ts';
import { type Registry, startRegistry } from '../../rig/registry.ts';
import { World } from '../../rig/world.ts';

const repository = 'library/probe';
const small = smallestImage('amd64');
const { digest } = small.manifest;

function worldWith(kube: FakeKube = new FakeKube()): WorldReader {
  return { http, kube, git: noGit } as unknown as WorldReader;
}

async function look(
  spec: ImageSpec,
  world = worldWith(),
): Promise<{ reading: Reading<unknown>; ready: Readiness | undefined }> {
  const reading = (await imageType.read(spec, world as never)) as Reading<unknown>;
  const ready = reading.is === 'present' ? await imageType.ready?.(spec, reading.live, world as never) : undefined;
  return { reading, ready };
}

const whyNoRegistry = whyNo('registry');

describe.skipIf(whyNoRegistry !== null)(whyNoRegistry ?? 'an image of a real registry', () => {
  let rig: Registry;
  let spec: ImageSpec;

  beforeAll(async () => {
    await buildPrograms('registry');
    rig = await startRegistry();
    const login = { user: rig.login.username, password: new Secret(rig.login.password) };
    spec = { registry: { url: `http://${rig.host}`, login }, repository, reference: '1.0' };
  }, rigTimeout);
  afterAll(async () => await rig.stop());

  async function push(): Promise<void> {
    const basic = { user: rig.login.username, password: rig.login.password };
    const base = `http://${rig.host}/v2/${repository}`;
    for (const part of small.parts) {
      const begun = await http.send(`${base}/blobs/uploads/`, { method: 'POST', basic });
      const place = new URL(begun.headers.location ?? '', base);
      place.searchParams.set('digest', part.digest);
      const headers = { 'content-type': 'application/octet-stream' };
      expect((await http.send(place.href, { method: 'PUT', basic, headers, body: part.bytes })).status).toBe(201);
    }
    const request = {
      method: 'PUT',
      basic,
      headers: { 'content-type': small.type },
      body: small.manifest.bytes,
    } as const;
    expect((await http.send(`${base}/manifests/1.0`, request)).status).toBe(201);
  }

  it('is waited for until it is pushed, and then gives its digest', async () => {
    expect((await look(spec)).ready).toEqual({ is: 'waiting', on: `${rig.host}/${repository}:1.0 to be pushed` });
    await push();
    const { reading, ready } = await look(spec);
    expect(ready).toEqual({ is: 'ready' });
    if (reading.is !== 'present') throw new Error(reading.is);
    expect(imageType.out(reading.live, spec)).toEqual({ digest, image: `${rig.host}/${repository}@${digest}` });
    expect((await look({ ...spec, reference: digest })).ready).toEqual({ is: 'ready' });
  });

  it('is unreadable, not missing, with a wrong password', async () => {
    const registry = { ...spec.registry, login: { user: 'cairn', password: new Secret('wrong-canary-password') } };
    const { reading } = await look({ ...spec, registry });
    expect(reading).toMatchObject({ is: 'unreadable', why: { code: 'registry-unauthorized' } });
    expect(JSON.stringify(reading)).not.toContain('wrong-canary');
  });

  it('takes the password from a Secret, and is missing while that is', async () => {
    const kube = new FakeKube();
    const password = { kind: 'Secret', namespace: 'default', name: 'login', key: 'password' } as const;
    const registry = { ...spec.registry, login: { user: rig.login.username, password } };
    expect((await look({ ...spec, registry }, worldWith(kube))).ready?.is).toBe('waiting');
    const data = { password: Buffer.from(rig.login.password).toString('base64') };
    kube.edit({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'login' }, 'a', (it) => ({
      ...it,
      data,
    }));
    expect((await look({ ...spec, registry }, worldWith(kube))).ready?.is).toBe('ready');
  });

  it('trusts the system’s authorities alone where the ConfigMap of others is not there', async () => {
    const ca = { kind: 'ConfigMap', namespace: 'gateway', name: 'authority', key: 'ca.crt' } as const;
    expect((await look({ ...spec, registry: { ...spec.registry, ca } })).ready?.is).toBe('ready');
  });
});

// Answers as https://distribution.github.io/distribution/spec/auth/token/ says.
async function startTokenRegistry(): Promise<{ readonly host: string; readonly seen: string[] }> {
  const seen: string[] = [];
  const answer = (request: IncomingMessage): readonly [number, Record<string, string>, string] => {
    const url = new URL(request.url ?? '/', 'http://registry');
    const who = request.headers.authorization ?? '';
    seen.push(`${request.method} ${url.pathname}${url.search}`);
    if (url.pathname === '/token') {
      const right = who === `Basic ${Buffer.from('robot:robot-password').toString('base64')}`;
      return right ? [200, {}, JSON.stringify({ token: 'a-token' })] : [401, {}, ''];
    }
    if (who === 'Bearer a-token') return [200, { 'docker-content-digest': digest }, ''];
    const scope = `repository:${repository}:pull`;
    const bearer = `Bearer realm="http://${request.headers.host}/token",service="kit",scope="${scope}"`;
    return [401, { 'www-authenticate': bearer }, ''];
  };
  const server = createServer((request, response) => {
    const [status, headers, body] = answer(request);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

describe('an image of a registry that gives tokens', () => {
  const specFor = (host: string, password: string): ImageSpec => ({
    registry: { url: `http://${host}`, login: { user: 'robot', password: new Secret(password) } },
    repository,
    reference: '1.0',
  });

  it('is read with one', async () => {
    const { host, seen } = await startTokenRegistry();
    expect((await look(specFor(host, 'robot-password'))).ready).toEqual({ is: 'ready' });
    expect(seen).toEqual([
      `HEAD /v2/${repository}/manifests/1.0`,
      `GET /token?service=kit&scope=${encodeURIComponent(`repository:${repository}:pull`)}`,
      `HEAD /v2/${repository}/manifests/1.0`,
    ]);
  });

  it('is unreadable where none is given', async () => {
    const { host } = await startTokenRegistry();
    const { reading } = await look(specFor(host, 'another'));
    expect(reading).toMatchObject({ is: 'unreadable', why: { code: 'registry-unauthorized' } });
  });
});

it('a Secret with logins holds them as Docker has them, and shows none', async () => {
  const made = secret({ namespace: 'default', name: 'login', data: { password: generated(18) } });
  const declared = step({
    summary: 'Logins',
    on: 'cluster',
    undo: restore,
    resources: () => ({
      made,
      pull: dockerConfig({
        namespace: 'default',
        name: 'pull',
        registries: {
          'registry.example': { user: 'robot', password: made.out.data.password },
          'other.example:5000': { user: 'ann', password: new Secret('canary-of-a-registry') },
        },
      }),
      probe: image({ registry: { url: 'https://registry.example' }, repository, reference: '1' }, { when: false }),
    }),
  });
  const world = new World({ 'demo/10_logins': declared });
  expect(JSON.stringify(await world.plan())).not.toContain('canary-of-a-registry');
  expect((await world.up()).failure?.causes ?? []).toEqual([]);
  const found = await world.kube.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'pull' });
  expect(found?.type).toBe('kubernetes.io/dockerconfigjson');
  const data = found?.data as Readonly<Record<string, string>>;
  const { auths } = JSON.parse(Buffer.from(data['.dockerconfigjson'] ?? '', 'base64').toString());
  expect(Object.keys(auths)).toEqual(['registry.example', 'other.example:5000']);
  expect(auths['other.example:5000']).toEqual({
    username: 'ann',
    password: 'canary-of-a-registry',
    auth: Buffer.from('ann:canary-of-a-registry').toString('base64'),
  });
  expect(JSON.stringify(world.events)).not.toContain('canary-of-a-registry');
  expect(await world.pending()).toEqual([]);
});
