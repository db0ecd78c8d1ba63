import type { KubeObject } from '../../../model/kube.ts';
import { isWithin } from '../../../model/kube-fields.ts';
import { editsBetween } from '../compare/leaves.ts';
import { readApplied } from './applied.ts';
import type { Composed } from './compose.ts';
import { annotations, markOn } from './marks.ts';
import { ownersOf } from './owners.ts';

/**
 * The run that took back last what somebody else had written into a ConfigMap or a Secret, as its mark is after this write.
 * What reads one only at its start may have started with that, so the mark must outlive all later writes. Pure.
 */
export function repairAfter(base: KubeObject | null, { body, keys }: Composed, run?: string): string | undefined {
  if (base === null || (base.kind !== 'ConfigMap' && base.kind !== 'Secret')) return undefined;
  const [applied, owners] = [readApplied(base), ownersOf(base)];
  const isDrift = editsBetween(base, body, keys).some(
    ({ path, after }) =>
      after !== undefined && isContent(path) && applied.has(path) && !owners(path).some(({ isUs }) => isUs),
  );
  return isDrift ? run : markOn(base, annotations.repaired);
}

function isContent(path: string): boolean {
  return isWithin(path, 'data') || isWithin(path, 'binaryData');
}
