import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalTools } from '../../../src/connect/local/tools.ts';
import { CairnError } from '../../../src/model/diagnostic.ts';
import { Secret } from '../../../src/model/secret.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cairn-tools-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(path: string, script: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, path), 0o755);
}

function toolsWith(env: Readonly<Record<string, string>> = {}, deadline?: number): LocalTools {
  const PATH = `${join(root, 'bin')}:/usr/bin:/bin`;
  const built = [join(root, 'built')];
  return new LocalTools({ root, env: { PATH, ...env }, built, ...(deadline === undefined ? {} : { deadline }) });
}

async function failureOf(work: Promise<unknown>): Promise<CairnError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CairnError) return error;
  throw new Error('it did not fail as expected');
}

describe('programs that render', () => {
  it('never learn of a cluster, and keep their way to the network', async () => {
    program('bin/show', 'env');
    const env = { KUBECONFIG: '/home/me/.kube/config', KUBERNETES_SERVICE_HOST: '10.0.0.1', HELM_KUBECONTEXT: 'prod' };
    const shown = await toolsWith({ ...env, HELM_KUBETOKEN: 't', HTTPS_PROXY: 'http://proxy' }).render({
      program: 'show',
      argv: [],
    });
    const lines = shown.split('\n');
    expect(lines.filter((line) => /KUBE/.test(line))).toEqual(
      expect.arrayContaining(['KUBECONFIG=/dev/null', 'KUBERNETES_MASTER=http://127.0.0.1:0']),
    );
    expect(lines.filter((line) => /KUBE/.test(line)).length).toBe(2);
    expect(lines).toContain('HTTPS_PROXY=http://proxy');
  });

  it('get their input by a pipe, also a large one', async () => {
    program('bin/count', 'wc -c');
    const stdin = 'x'.repeat(3 << 20);
    expect((await toolsWith().render({ program: 'count', argv: [], stdin })).trim()).toBe(String(stdin.length));
  });

  it('say why they failed, without the secrets that they were given', async () => {
    program('bin/fail', 'cat >&2; exit 3');
    const secret = new Secret('a-password-of-length');
    const error = await failureOf(
      toolsWith().render({ program: 'fail', argv: ['template'], stdin: 'it is a-password-of-length' }),
    );
    expect(secret.fingerprint()).toHaveLength(12);
    expect(error.diagnostics).toMatchObject([
      { code: 'render-failed', summary: 'fail template failed with exit code 3', detail: ['it is [secret]'] },
    ]);
  });

  it('have a deadline', async () => {
    program('bin/sleepy', 'exec sleep 30');
    const error = await failureOf(toolsWith({}, 200).render({ program: 'sleepy', argv: [] }));
    expect(error.message).toBe('sleepy did not end within 0.2 s');
  });

  it('are found on the PATH, then the newest among those that were built', async () => {
    program('built/kubectl-v1.9.0', '');
    program('built/kubectl-v1.34.4', '');
    expect(await toolsWith({ PATH: '' }).find('kubectl')).toBe(join(root, 'built/kubectl-v1.34.4'));
    program('bin/kubectl', '');
    expect(await toolsWith().find('kubectl')).toBe(join(root, 'bin/kubectl'));
    expect(await toolsWith().find('helmet')).toBeNull();
    expect((await failureOf(toolsWith().render({ program: 'helmet', argv: [] }))).code).toBe('missing-tool');
  });
});

describe('paths', () => {
  it('start at the project’s root, and are shown from there', () => {
    const tools = toolsWith();
    expect(tools.resolve('a/b')).toBe(join(root, 'a/b'));
    expect(tools.shown(join(root, 'a/b'))).toBe('a/b');
    expect(tools.shown('/etc/hosts')).toBe('/etc/hosts');
  });
});
