import type { Inputs } from '../../../model/deferred.ts';
import type { HostReader, Operation } from '../../../model/host.ts';
import type { Declare, More, Resource } from '../../../model/resource.ts';
import { revealText, Secret } from '../../../model/secret.ts';
import { type Absent, stateType } from '../state.ts';
import { needTools } from '../tools.ts';
import { accountName, readAccounts } from './database.ts';
import { accountTools } from './group.ts';

export interface UserId {
  readonly name: string;
  /** Removing the user, also by undo, removes the home and the mail with it. Default: they stay. */
  readonly removeHome?: boolean;
  /** @internal The first group has the user's name and isn't the user's own. */
  readonly sharesGroup?: boolean;
}

/** What is left out stays as it is; a new user gets what `useradd` gives, and no password. */
export interface UserWant extends Absent {
  readonly uid?: number;
  /** The first group, by name; it must exist. Left out: a group of the user's own. */
  readonly group?: string;
  /** Is in these groups besides those it is in. */
  readonly groups?: readonly string[];
  /** Is in `groups` and no others. */
  readonly onlyGroups?: boolean;
  /** The full name. */
  readonly comment?: string;
  readonly home?: string;
  readonly shell?: string;
  /** A hash as `mkpasswd` prints it; `!` locks the password. */
  readonly passwordHash?: string | Secret;
  /** A new user has a number of the range for the system. */
  readonly system?: boolean;
  /** A new user gets its home made. Default: true, but for `system`. */
  readonly createHome?: boolean;
}

export interface UserState {
  readonly uid: number;
  readonly gid: number;
  readonly group: string;
  readonly groups: readonly string[];
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
  readonly passwordHash: string;
}

const managed = stateType<UserId, UserWant, UserState>({
  name: 'user',
  identity: ['name', 'removeHome', 'sharesGroup'],
  address: ({ name }) => `user/${accountName(name)}`,
  title: ({ name }) => `user ${name}`,
  touches: ({ name }) => [
    `group/${name}`,
    'file/etc/passwd*',
    'file/etc/group*',
    'file/etc/shadow*',
    `authorizedKey/${name}/*`,
  ],
  fields: ['uid', 'group', 'groups', 'comment', 'home', 'shell', 'passwordHash'],
  secret: ['passwordHash'],
  look: async ({ name }, from) => await lookAtUser(name, from),
  wish: ({ groups, onlyGroups, passwordHash, system: _, createHome: _home, absent: _absent, ...rest }, live) => ({
    ...rest,
    ...(groups ? { groups: sorted([...(onlyGroups ? [] : (live?.groups ?? [])), ...groups]) } : {}),
    ...(passwordHash === undefined ? {} : { passwordHash: revealText(passwordHash) }),
  }),
  steps: async ({ id, from, to, want }, host) => {
    await needTools(['useradd', 'usermod', 'userdel', 'groupadd', 'chpasswd'], accountTools, host);
    const { guards } = await readAccounts(host);
    if (to === null) return { guards, operations: removal(id, from) };
    return { guards, operations: [...(from ? changed(id, to) : made(id, to, want)), ...password(id, to)] };
  },
  loss: async ({ name, removeHome }, { home }) =>
    removeHome
      ? {
          is: 'data',
          why: `removing user ${name} removes ${home} and all that is in it`,
          saveFirst: `tar -czf ${name}.tgz ${home}`,
        }
      : { is: 'none' },
});

/** A local Unix user. Undo gives back who was there before; the home of one who goes stays, unless `removeHome`. */
export const user: Declare<UserId, UserWant, UserState> = Object.assign(
  (spec: UserId & Inputs<UserWant>, more?: More): Resource<UserState> => {
    const shares = 'group' in spec && spec.group === spec.name;
    return managed(shares ? { ...spec, sharesGroup: true } : spec, more);
  },
  { type: managed.type, existing: managed.existing },
);

async function lookAtUser(name: string, from: HostReader): Promise<UserState | null> {
  const { users, groups, hashes } = await readAccounts(from);
  const entry = users.find((one) => one.name === name);
  if (!entry) return null;
  const { uid, gid, comment, home, shell } = entry;
  const passwordHash = hashes.get(name) ?? '!';
  // Whatever prints an image later: the net knows the hash.
  if (passwordHash.length > 3) new Secret(passwordHash);
  return {
    uid,
    gid,
    group: groups.find((one) => one.gid === gid)?.name ?? String(gid),
    groups: sorted(groups.filter(({ members }) => members.includes(name)).map((one) => one.name)),
    comment,
    home,
    shell,
    passwordHash,
  };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

function made({ name }: UserId, to: Partial<UserState>, want: UserWant | null): readonly Operation[] {
  // One who comes back finds the old home; the group that was its own went with it.
  const back: Operation[] =
    want === null && to.group !== undefined
      ? [{ do: 'run', argv: ['groupadd', '-f', '-g', String(to.gid), to.group] }]
      : [];
  const createsHome = want !== null && (want.createHome ?? !want.system);
  const system = want?.system ? ['-r'] : [];
  const argv = ['useradd', ...system, createsHome ? '-m' : '-M', ...options(to), name] as const;
  return [...back, { do: 'run', argv }];
}

function changed({ name }: UserId, to: Partial<UserState>): readonly Operation[] {
  const argv = options(to);
  return argv.length === 0 ? [] : [{ do: 'run', argv: ['usermod', ...argv, name] }];
}

function options({ uid, group, groups, comment, home, shell }: Partial<UserState>): readonly string[] {
  const given = (flag: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [flag, value];
  return [
    ...given('-u', uid?.toString()),
    ...given('-g', group),
    ...given('-G', groups?.join(',')),
    ...given('-c', comment),
    ...given('-d', home),
    ...given('-s', shell),
  ];
}

// By stdin: an argument can be read by everybody on the host.
function password({ name }: UserId, { passwordHash }: Partial<UserState>): readonly Operation[] {
  if (passwordHash === undefined) return [];
  return [{ do: 'run', argv: ['chpasswd', '-e'], stdin: new Secret(`${name}:${passwordHash}\n`) }];
}

// `userdel` takes a first group of the same name along, also one that was there before.
function removal({ name, removeHome, sharesGroup }: UserId, from: UserState | null): readonly Operation[] {
  const gone: Operation = { do: 'run', argv: ['userdel', ...(removeHome ? ['-r'] : []), name] };
  if (!sharesGroup || from?.group !== name) return [gone];
  return [gone, { do: 'run', argv: ['groupadd', '-f', '-g', String(from.gid), name] }];
}
