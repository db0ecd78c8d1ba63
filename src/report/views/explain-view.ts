import type { Explained, VariableOrigin } from '../../model/project.ts';
import { clean } from '../measure.ts';
import { paintWith } from '../style.ts';

/** A variable's value, where it was set, what it overrode and whom it reaches. Ends without a newline. */
export function explainView(explained: readonly Explained[], options: { readonly color: boolean }): string {
  const groups = Map.groupBy(explained, (one) => `${one.key}\n${JSON.stringify(one.layers)}`);
  const manyValues = new Set(groups.keys()).size > new Set(explained.map((one) => one.key)).size;
  const blocks = [...groups.values()].map((same) => explainLines(same, manyValues, options.color).join('\n'));
  return blocks.join('\n\n');
}

function explainLines(same: readonly Explained[], namesTargets: boolean, color: boolean): readonly string[] {
  const [first] = same;
  const winner = first?.layers.at(-1);
  if (!first || !winner) return [];
  const paint = paintWith(color);
  const targets = namesTargets ? `  on ${same.map((one) => one.target).join(', ')}` : '';
  const reaches = [...new Set(same.flatMap((one) => one.reaches))];
  return [
    `${paint('strong', first.key)} = ${clean(winner.shown)}${targets}`,
    `  ${placeOf(winner)}`,
    ...first.layers
      .slice(0, -1)
      .toReversed()
      .map((one) => `  overrides ${clean(one.shown)} from ${placeOf(one)}`),
    `  reaches   ${reaches.length > 0 ? reaches.join(' · ') : 'nothing: no step of this playbook uses it'}`,
  ];
}

function placeOf(origin: VariableOrigin): string {
  if (origin.layer === 'command line') return 'the command line (--set)';
  return `${origin.source.file}:${origin.source.line}`;
}
