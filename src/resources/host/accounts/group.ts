import type { Operation } from '../../../model/host.ts';
import { type Absent, stateType } from '../state.ts';
import { needTools } from '../tools.ts';
import { accountName, readAccounts } from './database.ts';

export interface GroupId {
  readonly name: string;
}

export interface GroupWant extends Absent {
  /** Left out: the next free one. */
  readonly gid?: number;
  /** The next free one of the range for the system. */
  readonly system?: boolean;
}

export interface GroupState {
  readonly gid: number;
  /** Kept for a group that comes back; who is in a group is said by its users. */
  readonly members: readonly string[];
}

/** The tools that change accounts, and where they come from. */
export const accountTools = 'install its package: passwd on Debian, shadow-utils on Fedora, shadow on Alpine';

/** A local Unix group. One that is some user's first group is not removed. */
export const group = stateType<GroupId, GroupWant, GroupState>({
  name: 'group',
  identity: ['name'],
  address: ({ name }) => `group/${accountName(name)}`,
  title: ({ name }) => `group ${name}`,
  touches: () => ['file/etc/group*', 'file/etc/gshadow*'],
  fields: ['gid'],
  look: async ({ name }, from) => {
    const entry = (await readAccounts(from)).groups.find((one) => one.name === name);
    return entry ? { gid: entry.gid, members: entry.members } : null;
  },
  wish: ({ gid }) => (gid === undefined ? {} : { gid }),
  steps: async ({ id: { name }, from, to, want }, host) => {
    await needTools(['groupadd', 'groupmod', 'groupdel'], accountTools, host);
    const { guards } = await readAccounts(host);
    if (to === null) return { guards, operations: [{ do: 'run', argv: ['groupdel', name] }] };
    const gid = to.gid === undefined ? [] : ['-g', String(to.gid)];
    if (from) return { guards, operations: [{ do: 'run', argv: ['groupmod', ...gid, name] }] };
    const system = want?.system ? ['-r'] : [];
    const made: Operation = { do: 'run', argv: ['groupadd', ...system, ...gid, name] };
    const back = (to.members ?? []).map((member): Operation => ({ do: 'run', argv: ['gpasswd', '-a', member, name] }));
    return { guards, operations: [made, ...back] };
  },
});
