import { problem } from '../../model/diagnostic.ts';
import type { WorldReader } from '../../model/ports.ts';
import { type AnyType, declare, json, type Resource, type ResourceType } from '../../model/resource.ts';

/** What is wrong, and the way out. */
export interface Unmet {
  readonly summary: string;
  readonly help?: string;
}

/** Something that must hold before anything is touched: room on the disk, a free port. */
export interface RequirementSpec {
  /** For people: `20 GiB of free disk`. */
  readonly id: string;
  test(world: WorldReader): Promise<true | Unmet>;
}

const type: ResourceType<'world', RequirementSpec, object, object, object> = {
  name: 'requirement',
  version: 1,
  on: 'world',
  identity: ['id', 'test'],
  codec: json<object>(),
  address: ({ id }) => `requirement/${id}`,
  title: ({ id }) => id,
  async read({ test }, from) {
    const answer = await test(from);
    if (answer === true) return { is: 'present', live: {} };
    return {
      is: 'unreadable',
      why: problem('requirement', answer.summary, answer.help === undefined ? {} : { help: answer.help }),
    };
  },
  diff: () => ({ changes: [], foreign: [] }),
  write: ({ live }) => Promise.resolve({ is: 'written', live }),
  restore: ({ live }) => Promise.resolve({ is: 'written', live }),
  compare: () => [],
  out: (live) => live,
  loss: () => Promise.resolve({ is: 'none' }),
};

export const requirementType = type as unknown as AnyType;

/** Declares a requirement: looked at while planning, and a run doesn't start without it. */
export function requirement(spec: RequirementSpec): Resource<object> {
  return declare<object>(requirementType, 'existing', spec, null);
}
