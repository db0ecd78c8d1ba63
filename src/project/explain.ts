import type { Explained, VariableOrigin } from '../model/project.ts';
import { follow } from '../render/lookup.ts';
import type { Placed } from './playbook/instances.ts';
import { namesOf } from './vars/roles.ts';
import { holdsBroken, type Values } from './vars/values.ts';
import { type MapNode, type Node, nodeAt, writtenAs } from './yaml/node.ts';

type Path = readonly string[];

/** What each layer says of a variable, for every target on which a step uses it; for all targets when none does. */
export function explainVariable(key: string, placed: readonly Placed[]): readonly Explained[] {
  const path = key.split('.');
  const byTarget = Map.groupBy(placed, ({ instance: { target } }) => target.name);
  const all = [...byTarget].flatMap(([target, own]) => {
    const reaches = reachedBy(path, own);
    const values = (own.find(({ instance }) => reaches.includes(instance.id)) ?? own[0])?.values;
    const layers = values ? layersOf(path, values) : [];
    return layers.length > 0 ? [{ key, target, layers, reaches }] : [];
  });
  const used = all.filter(({ reaches }) => reaches.length > 0);
  return used.length > 0 ? used : all;
}

function layersOf(path: Path, values: Values): readonly VariableOrigin[] {
  const found = nodeAt(values.tree, path);
  if (!found) return insideTemplate(path, values);
  const weaker: VariableOrigin[] = [];
  for (let node = found.under; node; node = node.under) {
    weaker.unshift({ layer: node.layer, shown: writtenAs(node), source: node.source });
  }
  return [...weaker, { layer: found.layer, shown: valueAs(found, values.of(found)), source: found.source }];
}

// A part of a value that a template made has no place of its own: it stands where the template does.
function insideTemplate(path: Path, values: Values): readonly VariableOrigin[] {
  for (let length = path.length - 1; length > 0; length--) {
    const node = nodeAt(values.tree, path.slice(0, length));
    if (node?.is !== 'template') continue;
    const part = follow(values.of(node), path.slice(length));
    return part.is === 'found' ? [{ layer: node.layer, shown: valueAs(node, part.value), source: node.source }] : [];
  }
  return [];
}

function valueAs(node: Node, value: unknown): string {
  return holdsBroken(value) ? writtenAs(node) : JSON.stringify(value);
}

function reachedBy(path: Path, placed: readonly Placed[]): readonly string[] {
  const reached = placed.filter(({ instance, values }) => {
    const names = new Set(namesOf(instance.step.vars));
    return spread(path, values.tree).some(([top = '']) => names.has(top));
  });
  return [...new Set(reached.map(({ instance }) => instance.id))];
}

const mentions = new WeakMap<MapNode, readonly Mention[]>();

interface Mention {
  readonly by: Path;
  readonly of: Path;
}

/** The variable, and those that templates make of it, directly or by way of others. */
function spread(path: Path, tree: MapNode): readonly Path[] {
  const all = mentions.get(tree) ?? mentionsIn(tree, []);
  mentions.set(tree, all);
  const found: Path[] = [path];
  for (const one of found) {
    for (const { by, of } of all) if (overlaps(one, of) && !found.includes(by)) found.push(by);
  }
  return found;
}

function mentionsIn(node: Node, by: Path): readonly Mention[] {
  if (node.is === 'template') return node.template.paths.map(({ parts }) => ({ by, of: parts }));
  if (node.is === 'list') return node.items.flatMap((item, index) => mentionsIn(item, [...by, String(index)]));
  if (node.is !== 'map') return [];
  return [...node.entries].flatMap(([key, entry]) => mentionsIn(entry.node, [...by, key]));
}

function overlaps(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((part, index) => part === b[index]);
}
