import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FakeGit } from '../../src/connect/fake/git.ts';
import { FakeKube } from '../../src/connect/fake/kube.ts';
import type { Resources } from '../../src/model/step.ts';
import { restore, step } from '../../src/model/step.ts';
import { git } from '../../src/sdk.ts';
import { World } from '../rig/world.ts';

const doc = readFileSync(new URL('../../docs/git.md', import.meta.url), 'utf8');
const [, code = ''] = /```ts\n(\{\n.*?\})\n```/s.exec(doc) ?? [];
const url = 'git@git.example:acme/shop.git';
const [web, old] = ['manifests/web.yaml', 'manifests/old.yaml'];

function worldOf(files: FakeGit): { readonly world: World; readonly kube: FakeKube } {
  const kube = new FakeKube();
  kube.edit({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }, 'kubectl', (object) => object);
  const declared = step({
    summary: 'The example',
    on: 'cluster',
    undo: restore,
    resources: () => new Function('git', `return (${code})`)(git) as Resources,
  });
  return { world: new World({ 'shop/10_git': declared }, { kube, git: files }), kube };
}

function giveKey(kube: FakeKube): void {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'deploy-key' };
  const data = { 'ssh-privatekey': Buffer.from('a private key').toString('base64') };
  kube.edit(ref, 'kubectl', (object) => ({ ...object, data }));
}

it('the example of docs/git.md is pushed, is then unchanged, and is taken back by a commit', async () => {
  const files = new FakeGit();
  files.push(url, 'main', { 'README.md': 'hello\n', [old]: 'old\n' });
  const { world, kube } = worldOf(files);
  giveKey(kube);
  expect((await world.up()).failure?.causes ?? []).toEqual([]);
  expect(world.outcomes()).toEqual([`updated manifests in ${url}, branch main`]);
  expect([files.textOf(url, 'main', web), files.textOf(url, 'main', old)]).toEqual(['kind: Deployment\n', undefined]);
  expect(await world.pending()).toEqual([]);
  expect((await world.up()).failure?.causes ?? []).toEqual([]);
  expect(files.writes).toBe(1);
  files.push(url, 'main', { 'README.md': 'newer\n' });
  expect(await world.pending()).toEqual([]);
  expect((await world.undo()).failure?.causes ?? []).toEqual([]);
  expect([files.textOf(url, 'main', web), files.textOf(url, 'main', old)]).toEqual([undefined, 'old\n']);
  expect(files.textOf(url, 'main', 'README.md')).toBe('newer\n');
  expect(files.messages(url, 'main').at(-1)).toContain('Revert Set manifests: 2 files');
});

it('a repository whose key is not there yet is planned, and the run says what is missing', async () => {
  const { world } = worldOf(new FakeGit());
  expect(await world.pending()).toEqual([`create manifests in ${url}, branch main`]);
  const { failure } = await world.up();
  expect(failure?.causes[0]?.summary).toBe(`nothing serves ${url} yet`);
});

it('a secret is not written into a repository', async () => {
  const { world } = worldOf(new FakeGit());
  const { Secret } = await import('../../src/model/secret.ts');
  const spec = { url, key: new Secret('k'), knownHosts: '' };
  world.useSteps({
    'shop/10_git': step({
      summary: 'A secret',
      on: 'cluster',
      undo: restore,
      resources: () => ({
        it: git.contents({
          repository: spec,
          branch: 'main',
          name: 'all',
          files: { a: new Secret('canary-in-git') as unknown as string },
        }),
      }),
    }),
  });
  const { failure } = await world.up().catch((error: unknown) => ({ failure: { causes: [error] } }));
  expect(JSON.stringify(failure)).toContain('holds a secret');
  expect(JSON.stringify(failure)).not.toContain('canary-in-git');
});
