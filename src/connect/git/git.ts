import { CairnError, problem } from '../../model/diagnostic.ts';
import type { GitChange, GitPlace, GitRemote, GitSight, GitWriter, GitWritten } from '../../model/git.ts';
import { addressOf, urlOf } from './address.ts';
import { withLogin } from './login.ts';
import { folderFor, LocalRepository } from './repository.ts';

// Somebody who pushes all the time is given up on.
const mostTries = 8;

/** Git hosts, by the programs `git` and `ssh` of this machine. */
export class LocalGit implements GitWriter {
  readonly #cache: string;
  /** By repository: what goes on in its folder. */
  readonly #busy = new Map<string, Promise<unknown>>();

  /** @param cache folder that keeps what was fetched */
  constructor(cache: string) {
    this.#cache = cache;
  }

  look(remote: GitRemote, place: GitPlace): Promise<GitSight | null> {
    return this.#with(remote, place, async (repository) => {
      const head = await repository.fetch(place.branch);
      return head === null ? null : await repository.sight(head, place.paths);
    });
  }

  commit(remote: GitRemote, change: GitChange): Promise<GitWritten> {
    const { branch, paths, expected } = change;
    return this.#with(remote, change, async (repository) => {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const head = await repository.fetch(branch);
        const now = head === null ? null : await repository.sight(head, paths);
        if (!isSame(now?.files ?? {}, expected)) return { is: 'moved', now };
        const made = await repository.commit(head, change);
        if (made === null) return { is: 'written', now };
        if (await repository.push(made, change)) return { is: 'written', now: await repository.sight(made, paths) };
      }
      throw new CairnError(
        problem('git-failed', `${remote.url}: others push to ${branch} all the time`, { help: 'run it again later' }),
      );
    });
  }

  // One at a time: they share a folder.
  async #with<T>(remote: GitRemote, place: GitPlace, use: (repository: LocalRepository) => Promise<T>): Promise<T> {
    demandPlain(place);
    const address = addressOf(remote.url);
    const url = urlOf(address);
    const work = async (): Promise<T> =>
      await withLogin(remote, address, (env, scratch) =>
        use(new LocalRepository(folderFor(this.#cache, url), url, { env, scratch })),
      );
    const turn = (this.#busy.get(url) ?? Promise.resolve()).then(work, work);
    this.#busy.set(url, turn);
    return await turn;
  }
}

function isSame(a: GitSight['files'], b: GitSight['files']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

const branchName = /^(?!.*(?:\.\.|@\{|\/\/|\.lock$|\/$))[A-Za-z0-9][A-Za-z0-9_./-]*$/;

function demandPlain({ branch, paths }: GitPlace): void {
  if (!branchName.test(branch)) throw new CairnError(problem('bad-git', `"${branch}" is no name of a branch`));
  for (const path of paths) {
    const parts = path.split('/');
    const isWrong = parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
    // A line of `update-index -z` ends with NUL.
    if (isWrong || path.includes('\0'))
      throw new CairnError(problem('bad-git', `"${path}" is no path of a file in a repository`));
  }
}
