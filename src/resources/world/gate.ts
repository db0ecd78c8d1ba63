import type { WorldReader } from '../../model/ports.ts';
import { type AnyType, declare, json, type More, type Resource, type ResourceType } from '../../model/resource.ts';

/** Waits for something and changes nothing. */
export interface GateSpec {
  /** What it waits for, for people: `the registry answers`. */
  readonly id: string;
  /** True when open; otherwise what it waits for, as a phrase. */
  until(world: WorldReader): Promise<true | string>;
  readonly usually?: string;
}

const type: ResourceType<'world', GateSpec, object, GateSpec, object> = {
  name: 'gate',
  version: 1,
  on: 'world',
  identity: ['id', 'until', 'usually'],
  codec: json<GateSpec>(),
  address: ({ id }) => `gate/${id}`,
  title: ({ id }) => id,
  usually: ({ usually }) => usually,
  read: (id) => Promise.resolve({ is: 'present', live: id }),
  diff: () => ({ changes: [], foreign: [] }),
  write: ({ live }) => Promise.resolve({ is: 'written', live }),
  restore: ({ live }) => Promise.resolve({ is: 'written', live }),
  compare: () => [],
  out: () => ({}),
  loss: () => Promise.resolve({ is: 'none' }),
  async ready(_, { until }, from) {
    const answer = await until(from);
    return answer === true ? { is: 'ready' } : { is: 'waiting', on: answer };
  },
};

export const gateType = type as unknown as AnyType;

/** Declares a gate; `within` in `more` is its deadline in milliseconds. */
export function gate(spec: GateSpec, more?: More): Resource<object> {
  return declare<object>(gateType, 'gate', spec, null, more);
}
