import type { Files } from '../yaml/files.ts';
import { type Entry, type MapNode, mapNode, type Node } from '../yaml/node.ts';
import { parseYaml } from '../yaml/yaml.ts';
import { mergeMaps } from './merge.ts';

const layer = 'command line';

/** The variables of `--set devpi.image.tag=6.14.0`: dotted keys, values in YAML; a later one wins. */
export function readSet(files: Files, set: readonly string[]): MapNode {
  const nothing = mapNode({ file: '--set', line: 1, column: 1 }, layer);
  return set.map((assignment) => readOne(files, assignment)).reduce(mergeMaps, nothing);
}

function readOne({ problems }: Files, assignment: string): MapNode {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(assignment) ?? [];
  const source = { file: `--set ${key}`, line: 1, column: 1 };
  const parsed = parseYaml(value, { file: source.file, layer, problems });
  const leaf: Node = parsed ? { ...parsed, source } : { is: 'scalar', value: null, source, layer };
  const [first = '', ...rest] = key.split('.');
  const inner = rest.reduceRight<Node>((node, part) => mapNode(source, layer, [[part, { key: source, node }]]), leaf);
  const entry: Entry = { key: source, node: inner };
  return mapNode(source, layer, [[first, entry]]);
}
