import type { WorldReader } from '../../model/ports.ts';
import { type AnyType, declare, json, type Resource, type ResourceType } from '../../model/resource.ts';

/** Something read from the world that other resources decide by: which container engine works here. */
export interface ProbeSpec<Found extends object> {
  readonly id: string;
  /** Must change nothing. */
  read(world: WorldReader): Promise<Found>;
}

const type: ResourceType<'world', ProbeSpec<object>, object, object, object> = {
  name: 'probe',
  version: 1,
  on: 'world',
  identity: ['id', 'read'],
  codec: json<object>(),
  address: ({ id }) => `probe/${id}`,
  title: ({ id }) => id,
  read: async ({ read }, from) => ({ is: 'present', live: await read(from) }),
  diff: () => ({ changes: [], foreign: [] }),
  write: ({ live }) => Promise.resolve({ is: 'written', live }),
  restore: ({ live }) => Promise.resolve({ is: 'written', live }),
  compare: () => [],
  out: (live) => live,
  loss: () => Promise.resolve({ is: 'none' }),
};

export const probeType = type as unknown as AnyType;

/** Declares a probe; its outputs are what `read` found while planning. */
export function probe<Found extends object>(spec: ProbeSpec<Found>): Resource<Found> {
  return declare<Found>(probeType, 'existing', spec, null);
}
