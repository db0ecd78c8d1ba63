import type { KubeObject } from '../../../model/kube.ts';
import { type AnyType, declare, json, type More, type Resource, type ResourceType } from '../../../model/resource.ts';
import { addressOf, type ObjectId, titleOf } from '../id.ts';
import { removeObject } from '../remove.ts';

interface Live {
  /** What is still there; null: it is gone, as wished. */
  readonly left: KubeObject | null;
}

const type: ResourceType<'kubernetes', ObjectId, object, Live, object> = {
  name: 'kubernetes/sweep',
  version: 1,
  on: 'kubernetes',
  identity: ['apiVersion', 'kind', 'namespace', 'name'],
  codec: json<Live>(),
  address: (id) => `sweep/${addressOf(id)}`,
  title: (id) => `${titleOf(id)}, removed when done`,
  phase: () => 4,
  // What comes before it makes what it removes.
  probes: () => true,
  read: async (id, from) => ({ is: 'present', live: { left: await from.get(id) } }),
  diff: (live) => ({
    changes: live?.left
      ? [{ path: 'metadata.name', how: 'update', before: live.left.metadata.name, secret: false }]
      : [],
    foreign: [],
  }),
  async write({ id, live }, to) {
    if (live?.left) {
      const removed = await removeObject(id, live.left, to);
      if (removed.is === 'moved') return { is: 'moved', now: { is: 'present', live: { left: await to.get(id) } } };
    }
    return { is: 'written', live: { left: null } };
  },
  // It was made by the same release, whose undo knows it.
  restore: ({ live }) => Promise.resolve({ is: 'written', live }),
  compare: () => [],
  out: (live) => live,
  loss: () => Promise.resolve({ is: 'none' }),
};

export const sweepType = type as unknown as AnyType;

/** Removes an object that has done its work. */
export function sweep({ apiVersion, kind, namespace, name }: ObjectId, more: More): Resource<object> {
  const id = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  return declare<object>(sweepType, 'managed', id, {}, more);
}
