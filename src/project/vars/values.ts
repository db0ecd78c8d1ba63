import { type Found, follow } from '../../render/lookup.ts';
import { renderValue } from '../../render/render.ts';
import { TemplateError } from '../../render/template-error.ts';
import { cacheFolder, homeFolder, stateFolder } from '../folders.ts';
import { byPlace } from '../problems.ts';
import type { Files } from '../yaml/files.ts';
import { addTemplateError } from '../yaml/marks.ts';
import type { EnvNode, MapNode, Node, TemplateNode } from '../yaml/node.ts';
import type { Secrets } from './secrets.ts';

/** Stands for a value whose problem is already noted. */
export const broken = Symbol('broken');

class BrokenReference extends Error {}

/** Fills in the variables of one target: each once, when asked for. */
export class Values {
  readonly tree: MapNode;
  readonly #files: Files;
  readonly #secrets: Secrets;
  readonly #known = new Map<Node, unknown>();
  readonly #busy = new Set<Node>();

  constructor(tree: MapNode, files: Files, secrets: Secrets) {
    this.tree = tree;
    this.#files = files;
    this.#secrets = secrets;
  }

  /** The value of a node; `broken` stands in it wherever a problem was noted. */
  of(node: Node): unknown {
    if (this.#known.has(node)) return this.#known.get(node);
    if (this.#busy.has(node)) return this.#cycle(node);
    this.#busy.add(node);
    const value = this.#make(node);
    this.#busy.delete(node);
    this.#known.set(node, value);
    return value;
  }

  #make(node: Node): unknown {
    switch (node.is) {
      case 'scalar':
        return node.value;
      case 'broken':
        return broken;
      case 'env':
        return this.#env(node);
      case 'secret':
        return this.#secrets.read(node) ?? broken;
      case 'template':
        return this.#fill(node);
      case 'list':
        return node.items.map((item) => this.of(item));
      case 'map':
        return Object.fromEntries([...node.entries].map(([key, entry]) => [key, this.of(entry.node)]));
    }
  }

  #env({ name, fallback, source }: EnvNode): unknown {
    const value = this.#files.env[name] ?? fallback;
    if (value !== undefined) return value;
    const help = `export ${name}, or give a default: !env ${name}, value`;
    this.#files.problems.error('env-missing', `${name} is not set`, source, help);
    return broken;
  }

  #fill(node: TemplateNode): unknown {
    try {
      return renderValue(node.template, (path) => this.#find(path));
    } catch (error) {
      if (error instanceof BrokenReference) return broken;
      if (!(error instanceof TemplateError)) throw error;
      addTemplateError(this.#files.problems, { ...node, text: node.template.text }, error);
      return broken;
    }
  }

  #find(path: readonly string[]): Found {
    let node: Node = this.tree;
    for (const [at, part] of path.entries()) {
      if (node.is !== 'map') return this.#findIn(this.of(node), path, at);
      const entry = node.entries.get(part);
      if (!entry) return at === 0 ? this.#findBuiltIn(path) : { is: 'missing', at, names: [...node.entries.keys()] };
      node = entry.node;
    }
    return this.#findIn(this.of(node), path, path.length);
  }

  #findIn(value: unknown, path: readonly string[], from: number): Found {
    const found = followFrom(value, path, from);
    if (value === broken || (found.is === 'found' && holdsBroken(found.value))) throw new BrokenReference();
    return found;
  }

  #findBuiltIn(path: readonly string[]): Found {
    const { env, root } = this.#files;
    const builtIn = { root, home: homeFolder(env), state: stateFolder(env), cache: cacheFolder(env) };
    const found = follow(builtIn, path);
    return found.is === 'found' ? found : { ...found, names: [...this.tree.entries.keys(), ...found.names] };
  }

  // The same circle may be entered anywhere: it is reported where it begins in the files.
  #cycle(node: Node): unknown {
    const busy = [...this.#busy];
    const circle = busy.slice(busy.indexOf(node)).filter(({ is }) => is === 'template');
    const [first = node] = circle.sort((a, b) => byPlace(a.source, b.source));
    const help = 'give one of the values that refer to each other a text of its own';
    this.#files.problems.error('template-cycle', 'this value is made from itself', first.source, help);
    return broken;
  }
}

// What is missing is named by its place in the whole path.
function followFrom(value: unknown, path: readonly string[], from: number): Found {
  const found = follow(value, path.slice(from));
  return found.is === 'missing' ? { ...found, at: found.at + from } : found;
}

/** True when a problem was noted anywhere in a value. */
export function holdsBroken(value: unknown): boolean {
  if (value === broken) return true;
  if (Array.isArray(value)) return value.some(holdsBroken);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some(holdsBroken);
}
