import { problem } from '../../model/diagnostic.ts';
import type { WorldReader } from '../../model/ports.ts';
import { type AnyType, declare, type Resource, type ResourceType } from '../../model/resource.ts';
import { looking } from './looking.ts';

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
  ...looking,
  name: 'requirement',
  identity: ['id', 'test'],
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
  out: (live) => live,
};

export const requirementType = type as unknown as AnyType;

/** Declares a requirement: looked at while planning, and a run doesn't start without it. */
export function requirement(spec: RequirementSpec): Resource<object> {
  return declare<object>(requirementType, 'existing', spec, null);
}
