import type { Entry, MapNode, Node } from '../yaml/node.ts';

/** One value over another: maps are joined key by key, anything else replaces. */
function merge(under: Node, over: Node): Node {
  return under.is === 'map' && over.is === 'map' ? mergeMaps(under, over) : { ...over, under };
}

/** One map over another. */
export function mergeMaps(under: MapNode, over: MapNode): MapNode {
  if (over.entries.size === 0) return under;
  const entries = new Map<string, Entry>(under.entries);
  for (const [key, entry] of over.entries) {
    const weaker = entries.get(key);
    entries.set(key, weaker ? { key: entry.key, node: merge(weaker.node, entry.node) } : entry);
  }
  return { ...over, entries, under };
}

/** Paths that both maps set, each to a value of its own. */
export function sharedPaths(a: MapNode, b: MapNode, above: readonly string[] = []): readonly (readonly string[])[] {
  return [...a.entries].flatMap(([key, { node: left }]) => {
    const right = b.entries.get(key)?.node;
    if (!right) return [];
    const path = [...above, key];
    return left.is === 'map' && right.is === 'map' ? sharedPaths(left, right, path) : [path];
  });
}
