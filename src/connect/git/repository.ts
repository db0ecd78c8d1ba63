import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitChange, GitContent, GitEntry, GitPlace, GitSight } from '../../model/git.ts';
import { failureOf } from './failure.ts';
import { type GitResult, runGit } from './program.ts';

const nobody = 'cairn@localhost';
const noBranch = /couldn't find remote ref/i;
const zero = '0'.repeat(40);

/** What a repository of a host holds, in a bare one of this machine. What was fetched once is not fetched again. */
export class LocalRepository {
  readonly #folder: string;
  readonly #url: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #index: string;

  /** @param scratch a folder that nobody else writes to */
  constructor(
    folder: string,
    url: string,
    { env, scratch }: { env: Readonly<Record<string, string>>; scratch: string },
  ) {
    this.#folder = folder;
    this.#url = url;
    this.#env = env;
    this.#index = join(scratch, 'index');
  }

  /** Fetches a branch; its newest commit, null when the host has none of that name. */
  async fetch(branch: string): Promise<string | null> {
    await this.#prepare();
    const words = ['fetch', '-q', '--no-tags', '--no-write-fetch-head', '--', this.#url];
    const result = await this.#run([...words, `+refs/heads/${branch}:${this.#ref(branch)}`]);
    if (result.status !== 0 && noBranch.test(result.stderr)) return null;
    if (result.status !== 0) throw failureOf(`${this.#url} can't be read`, result);
    return (await this.#demand(['rev-parse', '--verify', this.#ref(branch)])).trim();
  }

  /** Some files of a commit. */
  async sight(head: string, paths: readonly string[]): Promise<GitSight> {
    if (paths.length === 0) return { commit: head, files: {} };
    const listed = await this.#demand(['ls-tree', '-z', '--full-tree', head, '--', ...paths]);
    const entries = listed.split('\0').flatMap((line) => {
      const [, mode, type, blob, path] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
      return type === 'blob' && path !== undefined ? [[path, `${mode} ${blob}`] as const] : [];
    });
    const last = entries.length === 0 ? '' : await this.#demand(['log', '-1', '--format=%H', head, '--', ...paths]);
    return { commit: last.trim() || head, files: Object.fromEntries(entries) };
  }

  /** Makes a commit on top of another, or the first one; null where it would change nothing. */
  async commit(head: string | null, { files, message }: Pick<GitChange, 'files' | 'message'>): Promise<string | null> {
    await this.#demand(head === null ? ['read-tree', '--empty'] : ['read-tree', head]);
    const entries = await Promise.all(
      Object.entries(files).map(async ([path, content]) => `${await this.#entry(head, path, content)}\t${path}\0`),
    );
    await this.#demand(['update-index', '-z', '--index-info'], entries.join(''));
    const tree = (await this.#demand(['write-tree'])).trim();
    if (head !== null && tree === (await this.#demand(['rev-parse', `${head}^{tree}`])).trim()) return null;
    const parents = head === null ? [] : ['-p', head];
    return (await this.#demand(['commit-tree', tree, ...parents, '-F', '-'], message)).trim();
  }

  /** False when somebody pushed since. */
  async push(commit: string, { branch }: Pick<GitPlace, 'branch'>): Promise<boolean> {
    const result = await this.#run(['push', '-q', '--porcelain', '--', this.#url, `${commit}:refs/heads/${branch}`]);
    if (result.status === 0) return true;
    if (
      /\[rejected\]|fetch first|non-fast-forward|cannot lock ref|reference already exists/i.test(
        `${result.stdout}${result.stderr}`,
      )
    )
      return false;
    throw failureOf(`${this.#url} takes no push to ${branch}`, result);
  }

  async #entry(head: string | null, path: string, content: GitContent): Promise<string> {
    if (content === null) return `0 ${zero}`;
    if ('entry' in content) return content.entry;
    const before = head === null ? undefined : (await this.sight(head, [path])).files[path];
    const blob = (await this.#demand(['hash-object', '-w', '--stdin'], content.text)).trim();
    return `${modeOf(before)} ${blob}`;
  }

  async #prepare(): Promise<void> {
    if (existsSync(join(this.#folder, 'HEAD'))) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#demand(['init', '-q', '--bare', '--template=']);
  }

  #ref(branch: string): string {
    return `refs/cairn/${branch}`;
  }

  async #demand(args: readonly string[], stdin?: string): Promise<string> {
    const result = await this.#run(args, stdin);
    if (result.status === 0) return result.stdout;
    throw failureOf(`${this.#url} can't be read`, result);
  }

  async #run(args: readonly string[], stdin = ''): Promise<GitResult> {
    const who = {
      GIT_AUTHOR_NAME: 'Cairn',
      GIT_AUTHOR_EMAIL: nobody,
      GIT_COMMITTER_NAME: 'Cairn',
      GIT_COMMITTER_EMAIL: nobody,
    };
    const own = { GIT_INDEX_FILE: this.#index, GIT_LITERAL_PATHSPECS: '1' };
    const env = { ...this.#env, ...who, ...own };
    return await runGit({
      args: ['-C', this.#folder, '-c', 'core.hooksPath=/dev/null', '-c', 'gc.auto=0', ...args],
      env,
      stdin,
    });
  }
}

/** Where what a host's repository holds is kept: one folder each. */
export function folderFor(cache: string, url: string): string {
  return join(cache, createHash('sha256').update(url).digest('hex').slice(0, 16));
}

// Who made a file executable meant it.
function modeOf(before: GitEntry | undefined): string {
  return before?.split(' ')[0] ?? '100644';
}
