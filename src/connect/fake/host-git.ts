import type { RunResult, RunSpec } from '../../model/host.ts';
import { revealText } from '../../model/secret.ts';
import type { FakeCommand, FakeHost } from './host.ts';

/** A repository as a server has it: its refs, and the files of each commit. */
export interface FakeRepository {
  /** `refs/heads/main`: a commit. */
  readonly refs: Readonly<Record<string, string>>;
  readonly commits: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Answered = Partial<RunResult> | undefined;
type Run = (words: readonly string[], at: Checkout) => Answered;

const rootOwned = { owner: 'root', group: 'root' } as const;

/** The git commands that checkouts use, as far as they use them; `rm -rf` for taking one away. */
export const gitCommands: readonly FakeCommand[] = [
  { argv: ['git', 'ls-remote', '--'], run: ({ argv: [, , , url = '', ...names] }, host) => listed(host, url, names) },
  { argv: ['git', 'clone'], run: ({ argv }, host) => cloned(host, argv.at(-2) ?? '', argv.at(-1) ?? '') },
  inside('config', (_, at) => ({ stdout: `${at.read('url')}\n` })),
  inside('rev-parse', (_, at) => ({ stdout: `${at.commit()}\n` })),
  inside('symbolic-ref', (_, at) => (at.branch() === '' ? { status: 1 } : { stdout: `${at.branch()}\n` })),
  inside('status', (_, at) => ({ stdout: at.changes().join('') })),
  inside('fetch', (_, at) => (at.repository() ? undefined : { status: 128, stderr: 'fatal: no such repository\n' })),
  inside('remote', ([, , url = ''], at) => at.put('url', url)),
  inside('checkout', (words, at) => at.checkout(words.at(-1) ?? '', words.includes('--detach'))),
  inside('stash', ([verb = '', ...words], at) => stashed(verb, words, at)),
  { argv: ['rm', '-rf', '--'], run: ({ argv }, host) => removeTree(host, argv.at(-1) ?? '') },
];

function inside(verb: string, run: Run): FakeCommand {
  return {
    argv: ['git', verb],
    run: ({ argv, env }, host) => run(argv.slice(2), new Checkout(host, workTree(env))),
  };
}

function workTree(env: RunSpec['env']): string {
  return revealText(env?.GIT_WORK_TREE ?? '/nowhere');
}

function listed({ repositories }: FakeHost, url: string, names: readonly string[]): Answered {
  const repository = repositories.get(url);
  if (!repository) return { status: 128, stderr: `fatal: '${url}' does not appear to be a git repository\n` };
  const found = names.flatMap((name) => (repository.refs[name] ? [`${repository.refs[name]}\t${name}\n`] : []));
  return { stdout: found.join('') };
}

function cloned(host: FakeHost, url: string, path: string): Answered {
  const repository = host.repositories.get(url);
  if (!repository) return { status: 128, stderr: `fatal: repository '${url}' does not exist\n` };
  host.files.makeDirectories(`${path}/.git`);
  const at = new Checkout(host, path);
  at.put('url', url);
  at.put('stash', '[]');
  at.put('HEAD', 'ref: refs/heads/main\n');
  at.put('main', repository.refs['refs/heads/main'] ?? '');
  return undefined;
}

interface Stash {
  readonly mark: string;
  readonly files: Readonly<Record<string, string>>;
}

function stashed(verb: string, words: readonly string[], at: Checkout): Answered {
  const list = JSON.parse(at.read('stash')) as readonly Stash[];
  if (verb === 'list') return { stdout: list.map(({ mark }, n) => `stash@{${n}} On main: ${mark}\n`).join('') };
  if (verb === 'push') {
    at.put('stash', JSON.stringify([{ mark: words.at(-1) ?? '', files: at.files() }, ...list]));
    return at.fill(at.committed());
  }
  const index = Number(/\d+/.exec(words.at(-1) ?? '')?.[0]);
  at.put('stash', JSON.stringify(list.toSpliced(index, 1)));
  return at.fill(list[index]?.files ?? {});
}

/** A work tree and its repository, kept as files of the fake host. */
class Checkout {
  readonly #host: FakeHost;
  readonly #path: string;

  constructor(host: FakeHost, path: string) {
    this.#host = host;
    this.#path = path;
  }

  read(name: string): string {
    return Buffer.from(this.#host.files.content(`${this.#path}/.git/${name}`) ?? []).toString();
  }

  put(name: string, text: string): undefined {
    this.#write(`.git/${name}`, text);
    return undefined;
  }

  repository(): FakeRepository | undefined {
    return this.#host.repositories.get(this.read('url'));
  }

  branch(): string {
    return /^ref: refs\/heads\/(.*)\n$/.exec(this.read('HEAD'))?.[1] ?? '';
  }

  commit(): string {
    return this.branch() === '' ? this.read('HEAD').trim() : this.read(this.branch());
  }

  committed(): Readonly<Record<string, string>> {
    const all = [...this.#host.repositories.values()].map(({ commits }) => commits[this.commit()]);
    return all.find((one) => one !== undefined) ?? {};
  }

  checkout(name: string, isDetached: boolean): Answered {
    this.put('HEAD', isDetached ? `${name}\n` : `ref: refs/heads/${name}\n`);
    return this.fill(this.committed());
  }

  files(): Readonly<Record<string, string>> {
    const { files } = this.#host;
    const names = (files.list(this.#path) ?? []).filter((name) => files.get(`${this.#path}/${name}`)?.kind === 'file');
    return Object.fromEntries(
      names.map((name) => [name, Buffer.from(files.content(`${this.#path}/${name}`) ?? []).toString()]),
    );
  }

  fill(wanted: Readonly<Record<string, string>>): undefined {
    for (const name of Object.keys(this.files())) this.#host.files.remove(`${this.#path}/${name}`);
    for (const [name, text] of Object.entries(wanted)) this.#write(name, text);
    return undefined;
  }

  /** As `git status --porcelain` has them, a line each. */
  changes(): readonly string[] {
    const [now, then] = [this.files(), this.committed()];
    const known = Object.keys(then).flatMap((name) => {
      if (now[name] === undefined) return [` D ${name}\n`];
      return now[name] === then[name] ? [] : [` M ${name}\n`];
    });
    const added = Object.keys(now).flatMap((name) => (then[name] === undefined ? [`?? ${name}\n`] : []));
    return [...known, ...added];
  }

  #write(name: string, text: string): void {
    const content = Buffer.from(text);
    this.#host.files.set(`${this.#path}/${name}`, { kind: 'file', content, mode: '0644', ...rootOwned });
  }
}

function removeTree(host: FakeHost, path: string): undefined {
  for (const name of host.files.list(path) ?? []) removeTree(host, `${path}/${name}`);
  host.files.remove(path);
}
