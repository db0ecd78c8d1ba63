import { createHash } from 'node:crypto';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { PathState, TreeEntry } from '../../model/host.ts';

interface Attributes {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** What is at a path of a fake host. `other` stands for devices, sockets and pipes. */
export type FakeNode =
  | ({ readonly kind: 'file'; readonly content: Uint8Array } & Attributes)
  | ({ readonly kind: 'directory' } & Attributes)
  | ({ readonly kind: 'link'; readonly target: string } & Attributes)
  | ({ readonly kind: 'other' } & Attributes);

const rootOwned = { owner: 'root', group: 'root' } as const;

/** A tree of files in memory, with the errors that a real one gives. */
export class FakeFiles {
  readonly #nodes = new Map<string, FakeNode>([['/', { kind: 'directory', mode: '0755', ...rootOwned }]]);
  /** Paths that can't be looked at, with the reason: everything beneath them too. */
  readonly unreadable = new Map<string, string>();
  /** When paths last changed, in steps of a clock that every change moves on. */
  readonly #changed = new Map<string, number>();
  #now = 0;

  get(path: string): FakeNode | undefined {
    this.#checkReadable(path);
    return this.#nodes.get(this.#real(path));
  }

  set(path: string, node: FakeNode): void {
    const real = this.#inParent(path);
    if (!this.#nodes.has(real)) this.#changed.set(parentOf(real), this.tick());
    this.#nodes.set(real, node);
    this.#changed.set(real, this.tick());
  }

  /** Removes a file, a link or an empty directory. */
  remove(path: string): void {
    const real = this.#real(path);
    if (this.list(path)?.length) throw failure(path, 'Directory not empty');
    if (this.#nodes.delete(real)) this.#changed.set(parentOf(real), this.tick());
    this.#changed.delete(real);
  }

  /** Empties a directory. */
  removeBeneath(folder: string): void {
    for (const path of [...this.#nodes.keys()].filter((other) => other.startsWith(`${folder}/`))) {
      this.#nodes.delete(path);
      this.#changed.delete(path);
    }
  }

  /** The time, which never stands still. */
  tick(): number {
    this.#now += 1;
    return this.#now;
  }

  /** When what is at a path or beneath it last changed; of nothing: when its folder did. */
  changed(path: string): number | null {
    const node = this.get(path);
    const real = this.#real(path);
    if (!node) return this.#changed.get(parentOf(real)) ?? null;
    const beneath = [...this.#changed].filter(([other]) => other === real || other.startsWith(`${real}/`));
    const behind = node.kind === 'link' ? (this.#changed.get(this.#real(resolved(real, node.target))) ?? 0) : 0;
    return Math.max(behind, ...beneath.map(([, time]) => time));
  }

  /** Makes a directory and the ones above it that are missing. */
  makeDirectories(path: string): void {
    const above = parentOf(path);
    if (above !== '/' && !this.#nodes.has(above)) this.makeDirectories(above);
    if (!this.#nodes.has(path)) this.set(path, { kind: 'directory', mode: '0755', ...rootOwned });
  }

  state(path: string): PathState | null {
    const node = this.get(path);
    if (!node) return null;
    const { kind, mode, owner, group } = node;
    const state = { kind, mode, owner, group, size: kind === 'file' ? node.content.length : 0 };
    return kind === 'link' ? { ...state, target: node.target } : state;
  }

  content(path: string): Uint8Array | null {
    const node = this.get(path);
    return node?.kind === 'file' ? node.content : null;
  }

  sha256(path: string): string | null {
    const content = this.content(path);
    return content && createHash('sha256').update(content).digest('hex');
  }

  /** Null when nothing is there. */
  list(path: string): readonly string[] | null {
    const node = this.get(path);
    if (!node) return null;
    if (node.kind !== 'directory') return [];
    const prefix = path === '/' ? '/' : `${this.#real(path)}/`;
    const beneath = [...this.#nodes.keys()].filter((other) => other !== '/' && other.startsWith(prefix));
    return beneath
      .map((other) => other.slice(prefix.length))
      .filter((name) => !name.includes('/'))
      .sort();
  }

  /** All that is beneath a directory, sorted by path; null when nothing is there. */
  tree(path: string): readonly TreeEntry[] | null {
    const node = this.get(path);
    if (!node) return null;
    if (node.kind !== 'directory') throw failure(path, 'not a directory', 'unreadable');
    const prefix = `${this.#real(path)}/`;
    const beneath = [...this.#nodes].filter(([other]) => other.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
    return beneath.map(([other, { kind, mode, owner, group, ...rest }]) => {
      const size = 'content' in rest ? rest.content.length : 0;
      return { path: other.slice(prefix.length), kind, mode, owner, group, size };
    });
  }

  /** Everything as plain data, by path, sorted. */
  snapshot(): Readonly<Record<string, unknown>> {
    const sorted = [...this.#nodes].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      sorted.map(([path, node]) => [
        path,
        node.kind === 'file' ? { ...node, content: Buffer.from(node.content).toString('base64') } : node,
      ]),
    );
  }

  #checkReadable(path: string): void {
    for (const [above, why] of this.unreadable) {
      if (path === above || path.startsWith(`${above}/`)) throw failure(path, why, 'unreadable');
    }
  }

  // Links in the folders above are followed, the last name is not.
  #real(path: string, depth = 0): string {
    if (path === '/') return path;
    const above = this.#real(parentOf(path), depth);
    const node = this.#nodes.get(above);
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (node?.kind === 'file') throw failure(path, 'Not a directory', 'unreadable');
    if (node?.kind !== 'link') return above === '/' ? `/${name}` : `${above}/${name}`;
    if (depth > 40) throw failure(path, 'Too many levels of symbolic links', 'unreadable');
    return this.#real(`${resolved(above, node.target)}/${name}`, depth + 1);
  }

  #inParent(path: string): string {
    const real = this.#real(path);
    if (real !== '/' && this.#nodes.get(parentOf(real))?.kind !== 'directory') {
      throw failure(path, `the directory ${parentOf(path)} does not exist`);
    }
    return real;
  }
}

/** Where a link at a path leads. */
function resolved(path: string, target: string): string {
  return target.startsWith('/') ? target : `${parentOf(path)}/${target}`;
}

/** The folder that a path is in. */
function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function failure(path: string, why: string, code: 'unreadable' | 'operation-failed' = 'operation-failed'): CairnError {
  const summary = code === 'unreadable' ? `could not look at ${path}: ${why}` : `could not change ${path}: ${why}`;
  return new CairnError(problem(code, summary));
}
