import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitRemote } from '../../../src/model/git.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type GitHost, startGitHost } from '../../rig/git-host.ts';
import { whyNoSshd } from '../../rig/sshd.ts';
import { gitSuite } from './suite.ts';

const why = whyNoSshd();

describe.skipIf(why !== null)(why ?? 'a Git server over SSH', () => {
  let host: GitHost;
  let count = 0;

  beforeAll(async () => {
    host = await startGitHost();
  });
  afterAll(async () => await host.stop());

  const repository = async (): Promise<{ name: string; remote: GitRemote }> => {
    count += 1;
    const name = `shop-${count}.git`;
    const remote = await host.create(name);
    await host.push(name, { 'README.md': 'hello\n' });
    return { name, remote };
  };
  const commits = async (name: string): Promise<number> => Number(await host.git(name, 'rev-list', '--count', 'main'));
  const change = { branch: 'main', paths: ['a'], expected: {}, files: { a: { text: 'a\n' } }, message: 'Set a' };

  gitSuite('a Git server over SSH', async () => {
    const { name, remote } = await repository();
    return {
      remote,
      git: host.client(),
      push: (files) => host.push(name, files),
      tree: () => host.git(name, 'ls-tree', '-r', 'main'),
      pushes: () => commits(name),
      break: () => host.git(name, 'config', 'core.repositoryFormatVersion', '9').then(() => {}),
    };
  });

  it('goes on top of what somebody pushed meanwhile, and takes nothing of it away', async () => {
    const { name, remote } = await repository();
    const [one, two] = [host.client(), host.client()];
    await one.look(remote, change);
    await host.push(name, { 'README.md': 'newer\n' });
    const done = await Promise.all([
      one.commit(remote, change),
      two.commit(remote, { ...change, paths: ['b'], files: { b: { text: 'b\n' } } }),
    ]);
    expect(done.map(({ is }) => is)).toEqual(['written', 'written']);
    expect(await commits(name)).toBe(4);
    expect(await host.git(name, 'show', 'main:README.md')).toBe('newer\n');
    expect(await host.git(name, 'ls-tree', '--name-only', 'main')).toBe('README.md\na\nb\n');
  });

  it('begins a branch that is not there, and commits nothing where nothing differs', async () => {
    const { name, remote } = await repository();
    const git = host.client();
    expect(await git.look(remote, { branch: 'deploy', paths: ['a'] })).toBeNull();
    const made = await git.commit(remote, { ...change, branch: 'deploy' });
    expect(await host.git(name, 'log', '--format=%an %s', 'deploy')).toBe('Cairn Set a\n');
    const again = await git.commit(remote, { ...change, branch: 'deploy', expected: made.now?.files ?? {} });
    expect(again).toEqual(made);
    expect(made.now?.commit).toBe((await host.git(name, 'rev-parse', 'deploy')).trim());
  });

  it('says which commit changed the files last, whatever came after it', async () => {
    const { name, remote } = await repository();
    const git = host.client();
    const { now } = await git.commit(remote, change);
    await host.push(name, { 'README.md': 'newer\n' });
    expect((await git.look(remote, change))?.commit).toBe(now?.commit);
  });

  it('goes another way than the name says, and still wants the key of the host that is meant', async () => {
    const { remote } = await repository();
    const { hostname, port, pathname, username } = new URL(remote.url);
    const [, key] = /^\S+ (.*)$/m.exec(remote.knownHosts) ?? [];
    const elsewhere = {
      ...remote,
      url: `ssh://${username}@git.example${pathname}`,
      knownHosts: `git.example ${key}`,
      connectTo: `${hostname}:${port}`,
    };
    expect(await host.client().look(elsewhere, { branch: 'main', paths: ['README.md'] })).not.toBeNull();
  });

  it.each([
    ['whose key is another one', { knownHosts: '[127.0.0.1]:1 ssh-ed25519 AAAA' }, 'git-unreachable'],
    ['that does not know our key', { key: 'stranger' }, 'git-unauthorized'],
    ['that is not there', { url: 'ssh://git@127.0.0.1:1/x.git' }, 'git-unreachable'],
    ['that is no address', { url: 'ext::sh -c id' }, 'bad-git'],
    ['that is an option', { url: 'git@-oProxyCommand=id:x' }, 'bad-git'],
  ])('names a host %s', async (_, more, code) => {
    const { remote } = await repository();
    const { key, ...rest } = { key: undefined, ...more };
    const other = { ...remote, ...rest, ...(key === undefined ? {} : { key: new Secret(key) }) };
    await expect(host.client().look(other, { branch: 'main', paths: [] })).rejects.toMatchObject({ code });
  });

  it.each(['../out', '.git/config', 'a//b', '/etc/passwd', 'a\0b'])('refuses the path %j', async (path) => {
    const { remote } = await repository();
    await expect(host.client().look(remote, { branch: 'main', paths: [path] })).rejects.toMatchObject({
      code: 'bad-git',
    });
  });
});
