import type { WorldReader } from '../../model/ports.ts';
import { type AnyType, declare, type Resource, type ResourceType } from '../../model/resource.ts';
import { looking } from './looking.ts';

/** Something read from the world that other resources decide by: which container engine works here. */
export interface ProbeSpec<Found extends object> {
  readonly id: string;
  /** Addresses of what it looks at and steps may make: `ConfigMap/shop/settings`. It is asked once those have run. */
  readonly looksAt?: readonly string[];
  /** Must change nothing. */
  read(world: WorldReader): Promise<Found>;
}

const type: ResourceType<'world', ProbeSpec<object>, object, object, object> = {
  ...looking,
  name: 'probe',
  identity: ['id', 'looksAt', 'read'],
  address: ({ id }) => `probe/${id}`,
  title: ({ id }) => id,
  read: async ({ read }, from) => ({ is: 'present', live: await read(from) }),
  reads: ({ looksAt = [] }) => looksAt,
  out: (live) => live,
};

export const probeType = type as unknown as AnyType;

/** Declares a probe; its outputs are what `read` found while planning. */
export function probe<Found extends object>(spec: ProbeSpec<Found>): Resource<Found> {
  return declare<Found>(probeType, 'existing', spec, null);
}
