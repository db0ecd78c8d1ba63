import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalGit } from '../../src/connect/git/git.ts';
import type { GitRemote } from '../../src/model/git.ts';
import { Secret } from '../../src/model/secret.ts';
import { startSshd } from './sshd.ts';

const run = promisify(execFile);

/** A Git server: a real sshd on loopback with bare repositories, and somebody else who pushes. */
export interface GitHost {
  /** The way to a repository of that name, which is made empty. */
  create(name: string): Promise<GitRemote>;
  /** Somebody else's commit to `main`; a null takes a file away. */
  push(name: string, files: Readonly<Record<string, string | null>>): Promise<void>;
  /** What a program says of a repository: `git log`. */
  git(name: string, ...args: readonly string[]): Promise<string>;
  /** A client with a cache of its own. */
  client(): LocalGit;
  stop(): Promise<void>;
}

export async function startGitHost(): Promise<GitHost> {
  const sshd = await startSshd();
  const folder = await mkdtemp(join(tmpdir(), 'cairn-git-host-'));
  const user = sshd.target.ssh?.user ?? 'root';
  const key = new Secret(await readFile(sshd.key, 'utf8'));
  const knownHosts = Object.values(sshd.hostKeys)
    .map((one) => `[127.0.0.1]:${sshd.port} ${one}\n`)
    .join('');
  const git = async (name: string, ...args: readonly string[]): Promise<string> =>
    (await run('git', ['--git-dir', join(folder, name), ...args])).stdout;
  let count = 0;
  const fresh = (what: string): string => {
    count += 1;
    return join(folder, `${what}-${count}`);
  };
  return {
    git,
    async create(name) {
      await run('git', ['init', '-q', '--bare', '--initial-branch=main', join(folder, name)]);
      return { url: `ssh://${user}@127.0.0.1:${sshd.port}${join(folder, name)}`, key, knownHosts };
    },
    async push(name, files) {
      const tree = fresh('work');
      const there = (await git(name, 'branch', '--list', 'main')).trim() !== '';
      const words = there ? ['clone', '-q', join(folder, name), tree] : ['init', '-q', '--initial-branch=main', tree];
      await run('git', words);
      for (const [path, text] of Object.entries(files)) {
        if (text === null) await rm(join(tree, path));
        else await writeFile(join(tree, path), text);
      }
      const who = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.org'];
      await run('git', ['-C', tree, 'add', '-A']);
      await run('git', ['-C', tree, ...who, 'commit', '-q', '-m', 'by hand']);
      await run('git', ['-C', tree, 'push', '-q', join(folder, name), 'HEAD:main']);
    },
    client: () => new LocalGit(fresh('cache')),
    async stop() {
      await sshd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
