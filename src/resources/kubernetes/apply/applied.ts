import type { KubeObject } from '../../../model/kube.ts';
import { isWithin, splitPath } from '../../../model/kube-fields.ts';
import { isFields } from '../compare/json.ts';
import type { Edit } from '../compare/leaves.ts';
import { appliedTo } from './marks.ts';

/** The fields that we last applied; whatever is overwritten there is drift, elsewhere it is foreign. */
export interface Applied {
  /** True when the path, or something inside it, was applied by us. */
  has(path: string): boolean;
  /** True when the path is, or lies in, a field that held a secret. */
  isSecret(path: string): boolean;
  readonly paths: readonly string[];
}

// Etcd takes 1.5 MB an object and Kubernetes 256 KiB of annotations; a definition's schema alone would fill that.
const longest = 32_768;

type Leaf = 0 | 1;
type Tree = { readonly [segment: string]: Tree | Leaf };

/**
 * The annotation's text: a tree of path segments, 0 for a plain field, 1 for one that holds a secret. Values are never in it.
 * Where it grows too long, its deepest levels are cut and their parent stands for them.
 */
export function writeApplied(leaves: readonly Edit[], isSecret: (path: string) => boolean): string {
  const branches = leaves.map(({ path }) => ({ segments: splitPath(path), secret: isSecret(path) }));
  let depth = Math.max(1, ...branches.map(({ segments }) => segments.length));
  for (;;) {
    const text = JSON.stringify(treeOf(branches, depth));
    if (text.length <= longest || depth === 1) return text;
    depth -= 1;
  }
}

function treeOf(branches: readonly { segments: readonly string[]; secret: boolean }[], depth: number): Tree {
  const root: { [segment: string]: Tree | Leaf } = {};
  for (const { segments, secret } of branches) {
    let node = root;
    const kept = segments.slice(0, depth);
    const last = kept.pop() ?? '';
    for (const segment of kept) {
      if (!isFields(node[segment])) node[segment] = {};
      node = node[segment] as typeof root;
    }
    if (!isFields(node[last])) node[last] = secret || node[last] === 1 ? 1 : 0;
  }
  return root;
}

/** Reads what `writeApplied` left on an object; nothing at all when we never wrote it, or somebody copied or garbled it. */
export function readApplied(object: KubeObject | null): Applied {
  const text = object ? appliedTo(object) : undefined;
  const leaves = text === undefined ? [] : [...walk(parse(text), '')];
  const paths = leaves.map(({ path }) => path);
  const secrets = leaves.filter(({ secret }) => secret).map(({ path }) => path);
  return {
    paths,
    has: (path) => paths.some((one) => isWithin(path, one) || isWithin(one, path)),
    isSecret: (path) => secrets.some((one) => isWithin(path, one) || isWithin(one, path)),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function* walk(tree: unknown, path: string): Generator<{ path: string; secret: boolean }> {
  if (!isFields(tree)) {
    if (path !== '') yield { path, secret: tree === 1 };
    return;
  }
  for (const [segment, inner] of Object.entries(tree)) {
    yield* walk(inner, path === '' || segment.startsWith('[') ? path + segment : `${path}.${segment}`);
  }
}
