import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OpenCluster, openCluster } from '../../../src/connect/kubernetes/open.ts';
import { proxyFor } from '../../../src/connect/kubernetes/proxy.ts';
import { CairnError } from '../../../src/model/diagnostic.ts';
import { redact } from '../../../src/model/redact.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { type ConnectProxy, openConnectProxy } from '../../rig/connect-proxy.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';

const why = whyNoApiServer();
const ref = { apiVersion: 'v1', kind: 'Namespace', name: 'default' };
const wants = { user: 'me', password: 'canary/of the proxy' };
const userinfo = 'me:canary%2Fof%20the%20proxy@';

describe.skipIf(why !== null)(why ?? 'a real API server behind a proxy', () => {
  let rig: ApiServer;
  let proxy: ConnectProxy;
  let folder: string;
  let opened: OpenCluster[] = [];

  beforeAll(async () => {
    rig = await startApiServer();
  }, rigTimeout);
  afterAll(async () => await rig.stop());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cairn-proxy-'));
    proxy = await openConnectProxy(wants);
    opened = [];
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']) vi.stubEnv(name, '');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const { close } of opened) close();
    await proxy.close();
    rmSync(folder, { recursive: true });
  });

  /** The rig by a name that only the proxy knows. */
  const place = (): string => `kube.test:${new URL(rig.server).port}`;

  async function open(more: object): Promise<OpenCluster> {
    const config = JSON.parse(readFileSync(rig.kubeconfig, 'utf8'));
    const cluster = {
      ...config.clusters[0].cluster,
      server: `https://${place()}`,
      'tls-server-name': 'kubernetes',
      ...more,
    };
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify({ ...config, clusters: [{ name: 'rig', cluster }] }));
    const found = await openCluster({ kubeconfig, context: 'rig' });
    opened.push(found);
    return found;
  }

  async function failureOf(work: Promise<unknown>): Promise<CairnError> {
    const error: unknown = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (error instanceof CairnError) return error;
    throw new Error(`expected a CairnError, got ${error}`);
  }

  it('is reached through the proxy-url of the kubeconfig, whatever NO_PROXY says', async () => {
    vi.stubEnv('NO_PROXY', '*');
    const { reader } = await open({ 'proxy-url': `http://${userinfo}127.0.0.1:${proxy.port}` });
    expect(await reader.get(ref)).not.toBeNull();
    expect(new Set(proxy.asked)).toEqual(new Set([place()]));
  });

  it('is reached through HTTPS_PROXY, written large or small', async () => {
    for (const name of ['HTTPS_PROXY', 'https_proxy']) {
      vi.stubEnv('HTTPS_PROXY', '');
      vi.stubEnv(name, `${userinfo}127.0.0.1:${proxy.port}`);
      const { reader } = await open({});
      expect(await reader.get(ref)).not.toBeNull();
    }
    expect(proxy.asked).toEqual([place(), place()]);
  });

  it('is reached through a proxy that speaks TLS', async () => {
    const [cert = Buffer.alloc(0), key = Buffer.alloc(0)] = ['crt', 'key'].map((end) =>
      readFileSync(join(dirname(rig.kubeconfig), `apiserver.${end}`)),
    );
    const before = getCACertificates();
    setDefaultCACertificates([...before, ...cert.toString().split(/(?=-----BEGIN)/)]);
    const secured = await openConnectProxy(wants, { cert, key });
    try {
      const { reader, writer } = await open({ 'proxy-url': `https://${userinfo}127.0.0.1:${secured.port}` });
      expect(await reader.get(ref)).not.toBeNull();
      await writer.exec({ namespace: 'default', name: 'none' }, ['true']).catch(() => {});
      expect(secured.asked.length).toBeGreaterThan(0);
    } finally {
      await secured.close();
      setDefaultCACertificates(before);
    }
  });

  it('runs programs in containers and opens ports of pods through it', async () => {
    const { writer } = await open({ 'proxy-url': `http://${userinfo}127.0.0.1:${proxy.port}` });
    const spec = { containers: [{ name: 'web', image: 'web:1' }] };
    const made = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name: 'web' }, spec };
    expect((await writer.create(made)).is).toBe('written');
    const before = proxy.asked.length;
    // Here no node runs it: how far they come shows in who refuses them.
    await expect(writer.exec({ namespace: 'default', name: 'web' }, ['true'])).rejects.toMatchObject({
      message: expect.stringContaining('response: 400'),
    });
    expect(proxy.asked.length).toBe(before + 1);
    const forward = await writer.forward({ namespace: 'default', name: 'web' }, 80);
    const socket = connect(forward.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(forward.failures).toEqual([expect.stringContaining('response: 400')]);
    expect(proxy.asked.length).toBe(before + 2);
    await forward.close();
  });

  it('is reached directly where NO_PROXY names it', async () => {
    vi.stubEnv('HTTPS_PROXY', `${userinfo}127.0.0.1:${proxy.port}`);
    vi.stubEnv('NO_PROXY', 'elsewhere.test,.test');
    const { reader } = await open({});
    expect((await failureOf(reader.get(ref))).code).toBe('kube-unreachable');
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    [
      'wants other credentials',
      () => `http://me:canary-of-nobody@127.0.0.1:${proxy.port}`,
      'refuses to reach kube.test:',
    ],
    ['is not there', () => `http://${userinfo}127.0.0.1:1`, 'can not be used: connect ECONNREFUSED'],
  ])('is named together with a proxy that %s, but for the credentials', async (_, url, words) => {
    const { reader } = await open({ 'proxy-url': url() });
    const error = await failureOf(reader.get(ref));
    const said = JSON.stringify(error.diagnostics);
    expect(error.code).toBe('kube-unreachable');
    expect(said).toContain(words);
    expect(said).toContain('(proxy-url of the kubeconfig)');
    expect(said).not.toContain('canary');
    expect(redact(`${url()} ${wants.password}`)).not.toContain('canary');
  });

  it('is not looked for through a proxy of another kind', async () => {
    const error = await failureOf(open({ 'proxy-url': 'socks5://127.0.0.1:1080' }));
    expect(error.diagnostics).toMatchObject([{ code: 'kube-config', summary: expect.stringContaining('kind socks5') }]);
  });
});

describe('the proxy on the way', () => {
  const ambient = { HTTPS_PROXY: 'http://proxy.test:3128', HTTP_PROXY: 'http://plain.test:3128' };

  it.each([
    ['https://kube.test', '', 'proxy.test'],
    ['http://kube.test', '', 'plain.test'],
    ['https://localhost:6443', '', undefined],
    ['https://127.0.0.9:6443', '', undefined],
    ['https://[::1]:6443', '', undefined],
    ['https://kube.test', '*', undefined],
    ['https://kube.test', 'kube.test', undefined],
    ['https://a.kube.test', 'KUBE.test', undefined],
    ['https://a.kube.test', 'other, *.kube.test', undefined],
    ['https://kube.test', '.kube.test', 'proxy.test'],
    ['https://notkube.test', 'kube.test', 'proxy.test'],
    ['https://kube.test:6443', 'kube.test:6443', undefined],
    ['https://kube.test', 'kube.test:6443', 'proxy.test'],
    ['https://10.1.2.3', '10.0.0.0/8', undefined],
    ['https://11.1.2.3', '10.0.0.0/8', 'proxy.test'],
    ['https://10.1.2.3:6443', '10.1.2.3', undefined],
    ['https://[fd00::1]:6443', 'fd00::/8', undefined],
    ['https://[fd00::1]:6443', '[fd00::1]:6443', undefined],
    ['https://[fd00::1]:6443', '[fd00::1]:443', 'proxy.test'],
    ['https://[fd00::1]:6443', 'fd00::1', undefined],
    ['https://10.1.2.3', '10.0.0.0/99,,/', 'proxy.test'],
  ])('to %s with NO_PROXY=%s is %s', (server, none, host) => {
    expect(proxyFor(new URL(server), undefined, { ...ambient, NO_PROXY: none })?.url.hostname).toBe(host);
  });
});
