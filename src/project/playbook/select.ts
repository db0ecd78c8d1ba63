import type { Selection } from '../../model/journal.ts';
import type { Groups } from '../inventory/groups.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { matchPattern } from '../inventory/pattern.ts';
import { didYouMean } from '../nearest.ts';
import type { Files } from '../yaml/files.ts';
import type { Placed } from './instances.ts';
import { selectSteps } from './selection.ts';

/** The steps and targets that `--only`, `--from` and `--limit` leave. `all` in `--limit` means clusters too. */
export function choose(
  files: Files,
  placed: readonly Placed[],
  selection: Selection,
  { inventory, groups }: { readonly inventory: Inventory; readonly groups: Groups },
): readonly Placed[] {
  const steps = new Map(placed.map(({ file }) => [file.id, { ...file, name: file.name.replace(/^\d+_/, '') }]));
  const { ids, problems } = selectSteps(selection, [...steps.values()]);
  for (const one of problems) files.problems.add(one);
  const chosen = placed.filter(({ file }) => ids.has(file.id));
  if (selection.limit === undefined) return chosen;
  const world = { hosts: new Set([...inventory.hosts.keys(), ...inventory.clusters.keys()]), groups: groups.members() };
  const { matched, unknown } = matchPattern(selection.limit, world);
  for (const name of unknown) {
    const help = didYouMean(name, [...world.groups.keys(), ...world.hosts]);
    files.problems.error('unknown-host', `--limit: no host or group is called "${name}"`, undefined, help);
  }
  const left = chosen.filter(({ instance }) => matched.has(instance.target.name));
  if (left.length === 0 && unknown.length === 0 && chosen.length > 0) {
    files.problems.error('selection-empty', `--limit ${selection.limit} leaves no target of this playbook`);
  }
  return left;
}
