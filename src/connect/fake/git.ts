import { createHash } from 'node:crypto';
import { CairnError, problem } from '../../model/diagnostic.ts';
import {
  blobOf,
  type GitChange,
  type GitContent,
  type GitEntry,
  type GitPlace,
  type GitRemote,
  type GitSight,
  type GitWriter,
  type GitWritten,
} from '../../model/git.ts';

interface Commit {
  readonly id: string;
  readonly message: string;
  readonly files: Readonly<Record<string, GitEntry>>;
}

/** Repositories in memory, by their URLs: every branch is a list of commits, oldest first. */
export class FakeGit implements GitWriter {
  /** Pushes so far, of all repositories. */
  writes = 0;
  readonly #branches = new Map<string, readonly Commit[]>();
  readonly #texts = new Map<string, string>();
  #broken: string | undefined;

  // ---- what a test does

  /** Somebody else's commit; a null takes a file away. */
  push(url: string, branch: string, files: Readonly<Record<string, string | null>>): void {
    const contents = Object.entries(files).map(([path, text]) => [path, text === null ? null : { text }] as const);
    this.#add(url, branch, { files: Object.fromEntries(contents), message: 'by hand' });
  }

  /** The text of a file now; undefined when it isn't there. */
  textOf(url: string, branch: string, path: string): string | undefined {
    const entry = this.#branch(url, branch).at(-1)?.files[path];
    return entry === undefined ? undefined : this.#texts.get(entry.slice(7));
  }

  /** The messages of a branch, oldest first. */
  messages(url: string, branch: string): readonly string[] {
    return this.#branch(url, branch).map(({ message }) => message);
  }

  /** Every request fails from now on. */
  break(why: string): void {
    this.#broken = why;
  }

  // ---- the port

  async look({ url }: GitRemote, { branch, paths }: GitPlace): Promise<GitSight | null> {
    if (this.#broken !== undefined) throw new CairnError(problem('git-unreachable', this.#broken));
    const commits = this.#branch(url, branch);
    const newest = commits.at(-1);
    if (!newest) return null;
    const files = pick(newest.files, paths);
    const changed = commits.findLastIndex(
      (one, i) => !isSame(pick(one.files, paths), pick(commits[i - 1]?.files ?? {}, paths)),
    );
    const isThere = Object.keys(files).length > 0;
    return { commit: (isThere && commits[changed]?.id) || newest.id, files };
  }

  async commit(remote: GitRemote, change: GitChange): Promise<GitWritten> {
    const now = await this.look(remote, change);
    if (!isSame(now?.files ?? {}, change.expected)) return { is: 'moved', now };
    if (this.#add(remote.url, change.branch, change)) this.writes += 1;
    return { is: 'written', now: await this.look(remote, change) };
  }

  #branch(url: string, branch: string): readonly Commit[] {
    return this.#branches.get(`${url} ${branch}`) ?? [];
  }

  #add(url: string, branch: string, { files, message }: Pick<GitChange, 'files' | 'message'>): boolean {
    const commits = this.#branch(url, branch);
    const before = commits.at(-1)?.files ?? {};
    const next = new Map(Object.entries(before));
    for (const [path, content] of Object.entries(files)) {
      if (content === null) next.delete(path);
      else next.set(path, this.#entryOf(content, before[path]));
    }
    const after = Object.fromEntries(next);
    if (commits.length > 0 && isSame(before, after)) return false;
    const id = createHash('sha1')
      .update(JSON.stringify([url, branch, commits.length, after]))
      .digest('hex');
    this.#branches.set(`${url} ${branch}`, [...commits, { id, message, files: after }]);
    return true;
  }

  #entryOf(content: NonNullable<GitContent>, before: GitEntry | undefined): GitEntry {
    if ('entry' in content) return content.entry;
    const blob = blobOf(content.text);
    this.#texts.set(blob, content.text);
    return `${before?.split(' ')[0] ?? '100644'} ${blob}`;
  }
}

function pick(files: Commit['files'], paths: readonly string[]): Commit['files'] {
  return Object.fromEntries(paths.flatMap((path) => (files[path] === undefined ? [] : [[path, files[path]]])));
}

function isSame(a: Commit['files'], b: Commit['files']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
