import { runsOf } from '../journal/ledger/runs.ts';
import type { BaselineEntry } from '../model/baseline.ts';
import type { Entry } from '../model/journal.ts';
import type { ClusterTarget } from '../model/project.ts';
import { findLeftovers, type OwnerMark } from '../plan/undo/leftovers.ts';
import { isOurs, ownerLabel } from '../resources/kubernetes/apply/marks.ts';
import { addressOf, idOf, titleOf } from '../resources/kubernetes/id.ts';
import { objectType } from '../resources/kubernetes/object.ts';
import type { Session } from './session.ts';

/** By which what we made is known. */
export const ownerMark: OwnerMark = {
  label: ownerLabel,
  type: objectType.name,
  isOurs,
  addressOf: (object) => addressOf(idOf(object)),
  titleOf: (object) => titleOf(idOf(object)),
};

/** What a playbook with a rollback step left in its clusters without the journal knowing: to be taken away first. */
export async function leftovers(
  session: Session,
  entries: readonly Entry[],
  known: readonly BaselineEntry[],
): Promise<readonly BaselineEntry[]> {
  const { project, connections } = session;
  const { playbook } = project;
  const sweeper = project.instances.find(({ step }) => step.phase === 'rollback');
  if (!sweeper) return [];
  const runs = new Set(runsOf(entries).flatMap((run) => (run.playbook === playbook ? [run.run] : [])));
  const clusters = new Set(project.instances.flatMap(({ cluster }) => cluster ?? []));
  const found = [...clusters].map(async (cluster: ClusterTarget) => {
    const state = await connections.open(cluster);
    if (state.is !== 'open' || !state.kubernetes) return [];
    const addresses = new Set(known.filter(({ target }) => target === state.id).map(({ address }) => address));
    return findLeftovers(state.kubernetes.reader, ownerMark, {
      target: state.id,
      playbook,
      runs,
      known: addresses,
      step: sweeper.id,
    });
  });
  return (await Promise.all(found)).flat();
}
