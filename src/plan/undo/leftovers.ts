import type { BaselineEntry } from '../../model/baseline.ts';
import type { KubeObject, KubeReader } from '../../model/kube.ts';

/** How resource types recognise what we made in a cluster: the label's key, and the type that takes an object away. */
export interface OwnerMark {
  readonly label: string;
  readonly type: string;
  /** Controllers and people copy labels; this tells a copy. */
  isOurs(object: KubeObject): boolean;
  addressOf(object: KubeObject): string;
  titleOf(object: KubeObject): string;
}

export interface Search {
  /** The target's id. */
  readonly target: string;
  readonly playbook: string;
  /** Runs of this journal: what others made is none of our business. */
  readonly runs: ReadonlySet<string>;
  /** Addresses that undo knows already. */
  readonly known: ReadonlySet<string>;
  /** The step that sweeps: `devpi/89_rollback_devpi`. */
  readonly step: string;
}

/** Objects that carry our marks and that the journal doesn't account for; what a controller made for another goes with it. */
export async function findLeftovers(
  kube: KubeReader,
  mark: OwnerMark,
  search: Search,
): Promise<readonly BaselineEntry[]> {
  const kinds = await kube.kinds();
  const lists = await Promise.all(
    kinds.map(({ apiVersion, kind }) => kube.list({ apiVersion, kind, labelSelector: mark.label })),
  );
  return lists
    .flat()
    .filter((object) => search.runs.has(object.metadata.labels?.[mark.label] ?? '') && mark.isOurs(object))
    .filter((object) => !search.known.has(mark.addressOf(object)))
    .map((object) => entryOf(object, mark, search));
}

function entryOf(object: KubeObject, mark: OwnerMark, { target, playbook, step }: Search): BaselineEntry {
  const { apiVersion, kind, metadata } = object;
  const namespace = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  return {
    target,
    playbook,
    step,
    address: mark.addressOf(object),
    type: mark.type,
    title: mark.titleOf(object),
    id: { apiVersion, kind, name: metadata.name, ...namespace },
    run: metadata.labels?.[mark.label] ?? '',
    before: null,
    beforeVersion: 1,
    after: { is: 'unknown' },
    want: null,
  };
}
