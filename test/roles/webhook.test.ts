import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { folderOf } from '../rig/folder.ts';

const roles = join(import.meta.dirname, '../../roles');
const run = promisify(execFile);
const secret = 'known-to-both-sides';

/** A program of a role, with the paths and hosts of its pod in place of which a test has its own. */
function programWith(file: string, places: Readonly<Record<string, string>>): string {
  return Object.entries(places).reduce(
    (text, [pod, here]) => text.replaceAll(pod, here),
    readFileSync(join(roles, file), 'utf8'),
  );
}

interface Site {
  readonly url: string;
  /** What hears of pushes. */
  readonly receiver: ChildProcess;
  /** The workflows that were made. */
  readonly made: readonly { readonly spec: unknown; readonly metadata: unknown }[];
  /** Commits a file and pushes it. @returns what the server told whoever pushed */
  push(path: string, branch?: string): Promise<string>;
}

/** A repository with the hook, what hears of pushes, and an API server that takes whatever it is given. */
async function site(): Promise<Site> {
  const folder = folderOf('webhook');
  const made: Site['made'][number][] = [];
  const api = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method === 'POST') made.push(JSON.parse(body) as Site['made'][number]);
    response.end(JSON.stringify({ metadata: { uid: 'the-template', name: 'devpi-build-1' } }));
  });
  await once(api.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void api.close());
  for (const [name, text] of [
    ['token', 'a-token'],
    ['ca.crt', certificate()],
    ['secret', secret],
  ] as const)
    writeFileSync(join(folder, name), text);
  const receiver = programWith('container_deployment/files/receiver.py', {
    'https://kubernetes.default.svc': `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    '/var/run/secrets/kubernetes.io/serviceaccount': folder,
    '/run/secrets/webhook': folder,
  });
  const running = spawn('python3', ['-c', receiver, 'argo', 'devpi-build', 'main', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void running.kill());
  const [line] = (await once(createInterface(running.stdout), 'line')) as [string];
  const url = `http://127.0.0.1:${line.split(' ').at(-1)}`;
  return { url, made, receiver: running, push: await repositoryWith(folder, url) };
}

async function repositoryWith(folder: string, url: string): Promise<Site['push']> {
  const [bare, clone] = [join(folder, 'site.git'), join(folder, 'clone')];
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@a',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@a',
  };
  // side by side with the servers of this process
  const git = async (at: string, ...words: readonly string[]): Promise<string> =>
    (await run('git', ['-C', at, ...words], { env })).stderr;
  await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git(folder, 'init', '--quiet', '--initial-branch=main', clone);
  writeFileSync(join(folder, 'urls'), `${url}\n`);
  const hook = programWith('git_server/files/post-receive.pl', {
    '/run/git/webhooks': folder,
    '/run/git/webhook': folder,
  });
  mkdirSync(join(bare, 'hooks'), { recursive: true });
  writeFileSync(join(bare, 'hooks/post-receive'), hook, { mode: 0o755 });
  return async (path, branch = 'main') => {
    mkdirSync(join(clone, path, '..'), { recursive: true });
    writeFileSync(join(clone, path), `${Math.random()}\n`);
    await git(clone, 'add', '.');
    await git(clone, 'commit', '--quiet', '--message', path);
    return await git(clone, 'push', '--quiet', bare, `HEAD:${branch}`);
  };
}

// Python reads the file, though nothing here is signed by it.
function certificate(): string {
  return execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=test', '-keyout', '/dev/null'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
}

it('a push that changes what is built starts a build, which goes with its template', async () => {
  const { push, made } = await site();
  expect(await push('image/Containerfile')).not.toContain('was not told');
  expect(made).toMatchObject([
    {
      metadata: { generateName: 'devpi-build-', ownerReferences: [{ kind: 'WorkflowTemplate', uid: 'the-template' }] },
      spec: { workflowTemplateRef: { name: 'devpi-build' } },
    },
  ]);
});

it('a push to another branch, or of other files, starts none', async () => {
  const { push, made } = await site();
  await push('manifests/image/kustomization.yaml');
  await push('image/Containerfile', 'another');
  expect(made).toEqual([]);
});

it('a push is no worse when nobody hears of it, and says so', async () => {
  const folder = folderOf('webhook-alone');
  writeFileSync(join(folder, 'secret'), secret);
  const push = await repositoryWith(folder, 'http://127.0.0.1:1');
  expect(await push('image/a')).toMatch(/127\.0\.0\.1:1 was not told: Could not connect/);
});

it('who has no right signature starts nothing', async () => {
  const { url, made } = await site();
  const body = JSON.stringify({ ref: 'refs/heads/main' });
  const tell = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await fetch(url, { method: 'POST', body, headers })).status;
  const signed = (by: string): string => `sha256=${createHmac('sha256', by).update(body).digest('hex')}`;
  expect(await tell({})).toBe(401);
  expect(await tell({ 'x-hub-signature-256': signed('another') })).toBe(401);
  expect(made).toEqual([]);
  expect(await tell({ 'x-hub-signature-256': signed(secret), 'x-github-event': 'ping' })).toBe(200);
  expect(made).toEqual([]);
  expect(await tell({ 'x-hub-signature-256': signed(secret) })).toBe(202);
  expect(made.length).toBe(1);
});

// In its container nothing else ends it: Kubernetes would wait for half a minute, and kill it.
it('what hears of pushes ends by itself when it is told to', async () => {
  const { receiver } = await site();
  receiver.kill('SIGTERM');
  expect(await once(receiver, 'exit')).toEqual([0, null]);
});
