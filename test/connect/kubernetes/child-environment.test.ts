import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childEnvironment } from '../../../src/connect/kubernetes/child-environment.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { pathOf, rigTimeout, whyNoApiServer } from '../../rig/programs.ts';

const why = whyNoApiServer();

it('hands a child what it needs to run, and nothing that leads to a cluster or is secret', () => {
  const env = childEnvironment({
    PATH: '/bin',
    HOME: '/home/x',
    https_proxy: 'http://proxy:3128',
    HELM_CACHE_HOME: '/cache',
    HELM_KUBECONTEXT: 'prod',
    KUBECONFIG: '/home/x/.kube/config',
    KUBERNETES_SERVICE_HOST: '10.0.0.1',
    AWS_SECRET_ACCESS_KEY: 'secret',
    CAIRN_PASSWORD: 'secret',
    TZ: undefined,
  });
  expect(env).toEqual({
    PATH: '/bin',
    HOME: '/home/x',
    https_proxy: 'http://proxy:3128',
    HELM_CACHE_HOME: '/cache',
    KUBECONFIG: '/dev/null',
    KUBERNETES_MASTER: 'http://127.0.0.1:0',
  });
});

describe.skipIf(why !== null)(why ?? 'a child program beside a real API server', () => {
  let rig: ApiServer;

  beforeAll(async () => {
    rig = await startApiServer();
  }, rigTimeout);
  afterAll(async () => await rig.stop());

  it('can not reach the cluster that its caller can, nor one that it would guess', async () => {
    const guessed: string[] = [];
    const listener = createServer((request, response) => {
      guessed.push(request.url ?? '');
      response.end('{}');
    });
    // Where kubectl looks when nobody tells it anything; taken already is as good.
    await new Promise<void>((resolve) => listener.once('error', () => resolve()).listen(8080, '127.0.0.1', resolve));
    const ambient = { ...process.env, KUBECONFIG: rig.kubeconfig };
    const ask = (env: NodeJS.ProcessEnv) =>
      promisify(execFile)(pathOf('kubectl'), ['get', 'namespaces', '-o', 'name'], { env });
    expect((await ask(ambient)).stdout).toContain('namespace/kube-system');
    const before = (await rig.audit()).length;
    await expect(ask(childEnvironment(ambient))).rejects.toThrow('127.0.0.1:0');
    expect((await rig.audit()).slice(before).filter(({ userAgent }) => userAgent.startsWith('kubectl'))).toEqual([]);
    expect(guessed).toEqual([]);
    listener.close();
  });
});
