import type { BatchSize } from '../../model/project.ts';
import { given, wrongType } from '../yaml/fields.ts';
import type { Files } from '../yaml/files.ts';
import type { MapNode, Node } from '../yaml/node.ts';

const size = 'a number of hosts, a part of them as "30%", or a list of both';

/** `serial` of a component, as Ansible has it: `2`, `"30%"`, `[1, 5, "50%"]`. Undefined where it is missing or wrong. */
export function serialOf(files: Files, component: MapNode): readonly BatchSize[] | undefined {
  const node = given(component, 'serial');
  if (!node) return undefined;
  const items = node.is === 'list' ? node.items : [node];
  const sizes = items.flatMap((item) => sizeOf(item) ?? []);
  return sizes.length === items.length && sizes.length > 0 ? sizes : wrongType(files, 'serial', size, node);
}

/** `maxFailures` of a component: hosts that may fail. */
export function maxFailuresOf(files: Files, component: MapNode): number | undefined {
  const node = given(component, 'maxFailures');
  if (!node) return undefined;
  const value = node.is === 'scalar' ? node.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  return wrongType(files, 'maxFailures', 'a number of hosts', node);
}

function sizeOf(node: Node): BatchSize | undefined {
  const value = node.is === 'scalar' ? node.value : undefined;
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? value : undefined;
  const percent = Number(/^(\d+)%$/.exec(String(value))?.[1] ?? 0);
  return percent > 0 && percent <= 100 ? { percent } : undefined;
}
