import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalGit } from '../../src/connect/git/git.ts';
import type { GitRemote } from '../../src/model/git.ts';
import { Secret } from '../../src/model/secret.ts';
import { startSshd } from './sshd.ts';

const run = promisify(execFile);

/** A Git server: a real sshd on loopback with bare repositories, and somebody else who commits. */
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
  let clients = 0;
  return {
    git,
    async create(name) {
      await run('git', ['init', '-q', '--bare', '--initial-branch=main', join(folder, name)]);
      return { url: `ssh://${user}@127.0.0.1:${sshd.port}${join(folder, name)}`, key, knownHosts };
    },
    async push(name, files) {
      const there = (await git(name, 'branch', '--list', 'main')).trim() !== '';
      await write(['--git-dir', join(folder, name), 'fast-import', '--quiet'], commitOf(files, there));
    },
    client: () => {
      clients += 1;
      return new LocalGit(join(folder, `cache-${clients}`));
    },
    async stop() {
      await sshd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// One process in place of the ten that a clone, a commit and a push are: https://git-scm.com/docs/git-fast-import
function commitOf(files: Readonly<Record<string, string | null>>, there: boolean): string {
  const changes = Object.entries(files).map(([path, text]) =>
    text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${dataOf(text)}`,
  );
  const who = `committer ann <ann@example.org> ${Math.floor(Date.now() / 1000)} +0000\n`;
  const from = there ? 'from refs/heads/main^0\n' : '';
  return `commit refs/heads/main\n${who}${dataOf('by hand')}${from}${changes.join('')}\n`;
}

function dataOf(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

async function write(args: readonly string[], stdin: string): Promise<void> {
  const child = execFile('git', args);
  child.stdin?.end(stdin);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`git ${args.at(-2)} ended with ${code}`);
}
