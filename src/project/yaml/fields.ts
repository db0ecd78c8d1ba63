import type { Source } from '../../model/diagnostic.ts';
import { didYouMean } from '../nearest.ts';
import type { Files } from './files.ts';
import { type ListNode, type MapNode, type Node, writtenAs } from './node.ts';

/** Says which keys of a map nothing knows. */
export function checkKeys(files: Files, map: MapNode, known: readonly string[], of: string): void {
  for (const [key, { key: place }] of map.entries) {
    if (known.includes(key)) continue;
    files.problems.error('unknown-key', `unknown key "${key}" in ${of}`, place, didYouMean(key, known));
  }
}

/** A field that must be a text, undefined where it is missing or wrong; a wrong one is a problem. */
export function textField(files: Files, map: MapNode, key: string): string | undefined {
  const node = given(map, key);
  if (!node) return undefined;
  if (node.is === 'scalar' && typeof node.value === 'string') return node.value;
  return wrongType(files, key, 'a text', node);
}

/** A field that must be a map. */
export function mapField(files: Files, map: MapNode, key: string): MapNode | undefined {
  const node = given(map, key);
  if (!node || node.is === 'map') return node;
  return wrongType(files, key, 'a map of keys and values', node);
}

/** The items of a field that must be a list. */
export function listField(files: Files, map: MapNode, key: string): ListNode['items'] {
  const node = given(map, key);
  if (!node) return [];
  return node.is === 'list' ? node.items : (wrongType(files, key, 'a list', node) ?? []);
}

/** The items of a field that must be a list of texts, each with its place. */
export function textsField(files: Files, map: MapNode, key: string): readonly { text: string; source: Source }[] {
  return listField(files, map, key).flatMap((node) => {
    if (node.is === 'scalar' && typeof node.value === 'string') return [{ text: node.value, source: node.source }];
    wrongType(files, key, 'a list of texts', node);
    return [];
  });
}

/** A field that has a value: `key:` alone counts as missing. */
export function given(map: MapNode, key: string): Node | undefined {
  const node = map.entries.get(key)?.node;
  return node?.is === 'scalar' && node.value === null ? undefined : node;
}

export function wrongType(files: Files, key: string, must: string, node: Node): undefined {
  files.problems.error('wrong-type', `${key} must be ${must}, is ${writtenAs(node)}`, node.source);
  return undefined;
}
