import type { Source } from '../../model/diagnostic.ts';
import type { VariableOrigin } from '../../model/project.ts';
import type { Template } from '../../render/template.ts';

export type Layer = VariableOrigin['layer'];

interface Base {
  readonly source: Source;
  readonly layer: Layer;
  /** What it overrode: the value of the weaker layers. */
  readonly under?: Node;
}

export interface ScalarNode extends Base {
  readonly is: 'scalar';
  readonly value: string | number | boolean | null;
}

/** A text with expressions in it. */
export interface TemplateNode extends Base {
  readonly is: 'template';
  readonly template: Template;
  /** Where each `{{` of the text stands in its file. */
  readonly marks: readonly Source[];
}

/** `!env NAME, default` */
export interface EnvNode extends Base {
  readonly is: 'env';
  readonly name: string;
  readonly fallback: string | undefined;
}

/** `!secret env:NAME`, `file:PATH`, `age:PATH`, `k8s:CLUSTER/NAMESPACE/NAME/KEY` */
export interface SecretNode extends Base {
  readonly is: 'secret';
  readonly from: 'env' | 'file' | 'age' | 'k8s';
  readonly name: string;
}

/** What could not be understood: the problem is already noted. */
export interface BrokenNode extends Base {
  readonly is: 'broken';
}

export interface ListNode extends Base {
  readonly is: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends Base {
  readonly is: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: Source;
  readonly node: Node;
}

/** A value as it was written, with its place. */
export type Node = ScalarNode | TemplateNode | EnvNode | SecretNode | BrokenNode | ListNode | MapNode;

export function mapNode(source: Source, layer: Layer, entries: Iterable<readonly [string, Entry]> = []): MapNode {
  return { is: 'map', source, layer, entries: new Map(entries) };
}

/** The node at the end of a dotted path. */
export function nodeAt(root: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const part of path) {
    if (node?.is === 'map') node = node.entries.get(part)?.node;
    else if (node?.is === 'list' && /^\d+$/.test(part)) node = node.items[Number(part)];
    else return undefined;
  }
  return node;
}

/** The place of the key that leads to a path; of the deepest part that exists. */
export function keyPlace(root: Node, path: readonly string[]): Source {
  let node: Node = root;
  let place = root.source;
  for (const part of path) {
    if (node.is !== 'map') return nodeAt(node, [part])?.source ?? place;
    const entry = node.entries.get(part);
    if (!entry) return place;
    node = entry.node;
    place = entry.key;
  }
  return place;
}

/** For people: as it was written, on one line. */
export function writtenAs(node: Node): string {
  switch (node.is) {
    case 'scalar':
      return JSON.stringify(node.value);
    case 'template':
      return JSON.stringify(node.template.text);
    case 'env':
      return `!env ${node.name}`;
    case 'secret':
      return '[secret]';
    case 'broken':
      return '?';
    case 'list':
      return `[${node.items.map(writtenAs).join(', ')}]`;
    case 'map':
      return `{${[...node.entries].map(([key, entry]) => `${key}: ${writtenAs(entry.node)}`).join(', ')}}`;
  }
}

/** Every node beneath one, itself included. */
export function* walk(node: Node): Generator<Node> {
  yield node;
  if (node.is === 'list') for (const item of node.items) yield* walk(item);
  if (node.is === 'map') for (const entry of node.entries.values()) yield* walk(entry.node);
}
