import { isWithin } from '../../../model/kube-fields.ts';
import type { Difference } from '../../../model/resource.ts';
import { readApplied } from '../apply/applied.ts';
import { essenceOf, isUntouched } from '../apply/marks.ts';
import { diffObject, plainChange } from '../compare/diff.ts';
import { leavesOf } from '../compare/leaves.ts';
import { listKeysOf } from '../compare/list-keys.ts';
import type { ObjectId } from '../id.ts';
import type { Live } from '../live.ts';

/** What a wish says of an object besides its data. */
export interface Dress {
  readonly labels?: unknown;
  readonly annotations?: unknown;
}

/** In what labels and annotations differ from a wish, those among them that we applied and that it no longer names. Pure. */
export function diffDress(id: ObjectId, live: Live, dress: Dress, takeOver: readonly string[] = []): Difference {
  const { changes, foreign } = diffObject(id, live, { metadata: dress }, undefined);
  const isTaken = ({ path }: { readonly path: string }): boolean => takeOver.some((one) => isWithin(path, one));
  const adopts = isUntouched(live.object) ? { adopts: true } : {};
  return { changes: [...changes, ...shed(live, dress)], foreign: foreign.filter((one) => !isTaken(one)), ...adopts };
}

function shed({ object }: Live, dress: Dress): Difference['changes'] {
  const keys = listKeysOf(object);
  const wished = leavesOf({ metadata: dress }, keys).map(({ path }) => path);
  const applied = new Set(readApplied(object).paths.filter(isDress));
  return leavesOf(essenceOf(object), keys)
    .filter(({ path }) => applied.has(path) && !wished.includes(path))
    .map(({ path, after }) => plainChange({ path, before: after, after: undefined }, false));
}

function isDress(path: string): boolean {
  return isWithin(path, 'metadata.labels') || isWithin(path, 'metadata.annotations');
}
