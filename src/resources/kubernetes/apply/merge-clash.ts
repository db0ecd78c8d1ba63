import { type DryRun, fieldManager, type KubeObject, type KubeReader, KubeRefusal } from '../../../model/kube.ts';
import { isWithin, readFields } from '../../../model/kube-fields.ts';
import { leavesOf } from '../compare/leaves.ts';
import { listKeysOf } from '../compare/list-keys.ts';
import { type Clash, clashesOf } from './clash.ts';
import type { Composed } from './compose.ts';
import { mergeLocally } from './local-merge.ts';
import { ownersOf } from './owners.ts';
import { withoutPaths } from './without.ts';

const mostRounds = 3;

/** What an object becomes once the fields that stand against a wish are gone. */
export interface Cleared {
  readonly answer: DryRun;
  readonly clashes: readonly Clash[];
}

/**
 * Tries a refused wish again over the object without what clashes with it, as a whole.
 * @throws the refusal itself where nothing live is to blame
 */
export async function mergeCleared(
  live: KubeObject,
  composed: Composed,
  { refusal, from }: { readonly refusal: KubeRefusal; readonly from: KubeReader },
): Promise<Cleared> {
  const clashes = new Map<string, Clash>();
  let { causes } = refusal;
  for (let round = 0; round < mostRounds; round += 1) {
    const more = clashesOf(live, composed, causes).filter(({ path }) => !clashes.has(path));
    if (more.length === 0) throw refusal;
    for (const clash of more) clashes.set(clash.path, clash);
    const keys = listKeysOf(live);
    const gone = new Set([...clashes.keys(), ...givenUp(live, composed)]);
    const whole = mergeLocally(withoutPaths(live, gone, keys), composed);
    try {
      return { answer: await from.dryRun(whole, 'replace'), clashes: [...clashes.values()] };
    } catch (error) {
      if (!(error instanceof KubeRefusal)) throw error;
      causes = error.causes;
    }
  }
  throw refusal;
}

// Server-side apply takes away what only we applied and no longer wish; a whole object has to leave it out.
function givenUp(live: KubeObject, { body, keys }: Composed): readonly string[] {
  const wished = leavesOf(body, keys).map(({ path }) => path);
  const owners = ownersOf(live);
  const ours = (live.metadata.managedFields ?? []).filter(
    ({ manager, operation }) => manager === fieldManager && operation === 'Apply',
  );
  const held = ours.flatMap(({ fieldsV1 }) => {
    const { leaves, holders } = readFields(fieldsV1);
    return [...leaves, ...holders];
  });
  return held.filter(
    (path) =>
      path !== '' &&
      !wished.some((one) => isWithin(one, path) || isWithin(path, one)) &&
      owners(path).every(({ isUs }) => isUs),
  );
}
