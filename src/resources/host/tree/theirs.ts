import type { Declared } from '../../../model/tools.ts';

/** What other resources declare, to be asked for many paths. */
export class Theirs {
  readonly #paths: ReadonlySet<string>;
  readonly #whole: ReadonlySet<string>;
  readonly #above: ReadonlySet<string>;

  constructor(declared: readonly Declared[]) {
    this.#paths = new Set(declared.map(({ path }) => path));
    this.#whole = new Set(declared.filter(({ isWhole }) => isWhole).map(({ path }) => path));
    this.#above = new Set(declared.flatMap(({ path }) => foldersAbove(path)));
  }

  /** True for what is declared, and what lies beneath something that is declared with all in it. */
  has(path: string): boolean {
    return this.#paths.has(path) || foldersAbove(path).some((folder) => this.#whole.has(folder));
  }

  /** True for a directory that has something declared beneath it. */
  isAbove(path: string): boolean {
    return this.#above.has(path);
  }
}

/** What of it matters in a directory. */
export function declaredIn(folder: string, declared: readonly Declared[]): readonly Declared[] {
  const above = new Set([folder, ...foldersAbove(folder)]);
  return declared.filter(({ path, isWhole }) => path.startsWith(`${folder}/`) || (isWhole && above.has(path)));
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
}
