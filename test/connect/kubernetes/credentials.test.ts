import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenCluster, openCluster } from '../../../src/connect/kubernetes/open.ts';
import { CairnError } from '../../../src/model/diagnostic.ts';
import { redact } from '../../../src/model/redact.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { issueClient } from '../../rig/client-certificate.ts';
import { pathOf, rigTimeout, whyNoApiServer } from '../../rig/programs.ts';

const why = whyNoApiServer();
const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' };

describe.skipIf(why !== null)(why ?? 'credentials that do not last, at a real API server', () => {
  let rig: ApiServer;
  let folder: string;
  let opened: OpenCluster[] = [];

  beforeAll(async () => {
    rig = await startApiServer();
    await rig.kubectl(['create', 'serviceaccount', 'robot']);
    await rig.kubectl([
      'create',
      'clusterrolebinding',
      'robot',
      '--clusterrole=cluster-admin',
      '--serviceaccount=default:robot',
    ]);
    await rig.kubectl(['create', 'configmap', 'settings']);
  }, rigTimeout);
  afterAll(async () => await rig.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cairn-credentials-'));
    opened = [];
  });
  afterEach(() => {
    for (const { close } of opened) close();
    rmSync(folder, { recursive: true });
  });

  /** A program in the folder; each time it runs it adds a line to `asked`. */
  function plugin(script: string): string {
    const path = join(folder, 'plugin');
    writeFileSync(path, `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >>"${join(folder, 'asked')}"\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  function asked(): readonly string[] {
    return readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
  }

  /** The rig's server, for another user. */
  async function openAs(user: object): Promise<OpenCluster> {
    const config = JSON.parse(readFileSync(rig.kubeconfig, 'utf8'));
    const kubeconfig = join(folder, 'kubeconfig');
    const contexts = [{ name: 'me', context: { cluster: 'rig', user: 'me' } }];
    writeFileSync(kubeconfig, JSON.stringify({ ...config, users: [{ name: 'me', user }], contexts }));
    const cluster = await openCluster({ kubeconfig, context: 'me' });
    opened.push(cluster);
    return cluster;
  }

  const exec = (more: object = {}) => ({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: './plugin',
      interactiveMode: 'IfAvailable',
      ...more,
    },
  });
  const failureOf = async (work: Promise<unknown>): Promise<CairnError> => {
    const error: unknown = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (error instanceof CairnError) return error;
    throw new Error(`expected a CairnError, got ${String(error)}`);
  };
  const tokenScript = (expires: string): string => `
token=$("${pathOf('kubectl')}" --kubeconfig "${rig.kubeconfig}" create token robot)
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{${expires}"token":"'$token'"}}'`;

  it('are asked for once for many requests', async () => {
    plugin(tokenScript(''));
    const { reader } = await openAs(exec());
    await Promise.all([1, 2, 3, 4, 5].map((n) => reader.get({ ...ref, name: `x${n}` })));
    expect(asked().length).toBe(1);
    expect(JSON.parse(asked()[0] ?? '')).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: { interactive: false },
    });
  });

  it('are asked for again before they end, as the program says', async () => {
    plugin(tokenScript(`"expirationTimestamp":"'$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%SZ)'",`));
    const { reader } = await openAs(exec({ provideClusterInfo: true }));
    await reader.get(ref);
    await reader.get(ref);
    const before = asked().length;
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await reader.get(ref)).not.toBeNull();
    expect(asked().length).toBe(before + 1);
    expect(JSON.parse(asked()[0] ?? '').spec.cluster.server).toBe(rig.server);
  });

  it('are asked for again, once, when the server takes them no more, and a write goes on', async () => {
    // Each program's first token is one that nobody signed; afterwards the real one.
    plugin(`[ -e "${folder}/once" ] || { touch "${folder}/once"
echo '{"kind":"ExecCredential","status":{"token":"not-valid-any-more"}}'; exit; }${tokenScript('')}`);
    const { writer } = await openAs(exec());
    const names = Array.from({ length: 10 }, (_, i) => `renewed-${i}`);
    const written = await Promise.all(
      names.map((name) =>
        writer.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name } }),
      ),
    );
    expect(written.map(({ is }) => is)).toEqual(names.map(() => 'written'));
    expect(asked().length).toBe(2);
  });

  it('hold for programs in containers and for ports of pods, too, renewed when the server takes them no more', async () => {
    const admin = await openCluster(rig);
    opened.push(admin);
    const spec = { containers: [{ name: 'web', image: 'web:1' }] };
    await admin.writer.create({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name: 'web' }, spec });
    const script = `[ -e "${folder}/once" ] || { touch "${folder}/once"
echo '{"kind":"ExecCredential","status":{"token":"not-valid-any-more"}}'; exit; }${tokenScript('')}`;
    plugin(script);
    const pod = { namespace: 'default', name: 'web' };
    // Here no node runs it: 400 comes from behind the sign-in.
    const exited = await failureOf((await openAs(exec())).writer.exec(pod, ['true']));
    expect(exited.message).toContain('response: 400');
    expect(asked().length).toBe(2);
    rmSync(join(folder, 'once'));
    const forward = await (await openAs(exec())).writer.forward(pod, 80);
    const socket = connect(forward.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('close', resolve));
    await forward.close();
    expect(forward.failures).toEqual([expect.stringContaining('response: 400')]);
    expect(asked().length).toBe(4);
  });

  it('that are refused for good say what to do, and never themselves', async () => {
    plugin(`echo '{"kind":"ExecCredential","status":{"token":"canary-token-of-nobody"}}'`);
    const { reader } = await openAs(exec());
    const error = await failureOf(reader.get(ref));
    expect(error.diagnostics).toMatchObject([
      { code: 'kube-unauthorized', help: expect.stringContaining('renew them') },
    ]);
    expect(asked().length).toBe(2);
    expect(JSON.stringify(error.diagnostics)).not.toContain('canary');
    expect(redact('Bearer canary-token-of-nobody')).toBe('Bearer [secret]');
  });

  it.each([
    ['fails', 'echo "login has ended" >&2; exit 3', ['./plugin failed with exit code 3', 'login has ended']],
    ['prints something else', 'echo canary-token; echo hm >&2', ['./plugin gave no ExecCredential', 'hm']],
    ['is not there', null, [expect.stringContaining('./plugin could not be run')]],
  ])('of a program that %s: the error has its words', async (_, script, detail) => {
    if (script !== null) plugin(script);
    const { reader } = await openAs(exec({ installHint: 'apt install the-plugin' }));
    const error = await failureOf(reader.get(ref));
    expect(error.diagnostics).toEqual([
      {
        severity: 'error',
        code: 'kube-config',
        summary: 'the credentials for context me could not be had',
        detail,
        help: 'apt install the-plugin',
      },
    ]);
  });

  it('of a program that hangs, and whose children hold its output, are waited for so long and no longer', async () => {
    plugin('echo "asking the sign-in service" >&2; sleep 20 & wait');
    const { reader } = await openAs(exec({ env: [{ name: 'A', value: 'b' }] }));
    const error = await failureOf(reader.get(ref));
    expect(error.diagnostics[0]?.detail).toEqual(['./plugin did not end within 15 s', 'asking the sign-in service']);
  });

  it('in a file are read again when the server takes them no more', async () => {
    const token = async (): Promise<string> => (await rig.kubectl(['create', 'token', 'robot'])).trim();
    writeFileSync(join(folder, 'token'), 'ended-long-ago');
    const { reader } = await openAs({ tokenFile: 'token' });
    expect((await failureOf(reader.get(ref))).code).toBe('kube-unauthorized');
    writeFileSync(join(folder, 'token'), await token());
    expect(await reader.get(ref)).not.toBeNull();
  });

  it('may be a client certificate', async () => {
    const { cert, key } = await issueClient(dirname(rig.kubeconfig), 'O=system:masters, CN=robot');
    const status = JSON.stringify({ clientCertificateData: cert, clientKeyData: key });
    writeFileSync(join(folder, 'credential'), `{"kind":"ExecCredential","status":${status}}`);
    plugin(`cat "${folder}/credential"`);
    const { reader } = await openAs(exec());
    expect(await reader.get(ref)).not.toBeNull();
  });
});
