import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Declare, handleOf, type ResourceType } from '../../../../src/model/resource.ts';
import { authorizedKey } from '../../../../src/resources/host/accounts/authorized-key.ts';
import { group } from '../../../../src/resources/host/accounts/group.ts';
import { sudoers } from '../../../../src/resources/host/accounts/sudoers.ts';
import { user } from '../../../../src/resources/host/accounts/user.ts';
import { hostsEntry } from '../../../../src/resources/host/hosts-entry.ts';
import { mount } from '../../../../src/resources/host/kernel/mount.ts';
import { aptPackage } from '../../../../src/resources/host/package.ts';
import { cron } from '../../../../src/resources/host/scheduled/cron.ts';
import type { RemoteDebian } from '../../../rig/debian-ssh.ts';
import { otherShell } from '../../../rig/shell-folder.ts';
import { typeOf } from '../types.ts';
import { closeRepository, openAptRoot } from './apt-root.ts';
import { openRemote, whyNoRemote } from './worlds.ts';

type HostType = ResourceType<'host', unknown, unknown, unknown, unknown>;
type Case = readonly [HostType, unknown, unknown];

function caseOf<Id, Want, Out>(declare: Declare<Id, Want, Out>, id: Id, want: Want): Case {
  return [typeOf(declare) as HostType, id, want];
}

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGdTn0gLSfn9Uo0mfjW0bDnJmNJWCBVjHZPk8dYyAAAA ada@laptop';
const rule = handleOf(sudoers({ name: 'ops', content: '%sudo ALL=(ALL) NOPASSWD: /bin/true\n' }));

const cases: Readonly<Record<string, Case>> = {
  group: caseOf(group, { name: 'app' }, { gid: 4242 }),
  user: caseOf(user, { name: 'ada' }, { uid: 4242, groups: ['sudo'], comment: 'Ada L.', home: '/opt/ada' }),
  'authorized key': caseOf(authorizedKey, { user: 'root', key }, { options: 'restrict,command="echo hi there"' }),
  'rule of sudo': [rule.type as unknown as HostType, rule.id, rule.want],
  'entry of /etc/hosts': caseOf(hostsEntry, { name: 'web.cairn.localhost' }, { address: '10.0.0.1' }),
  'cron job': caseOf(cron, { user: 'root', name: 'nightly' }, { schedule: '30 2 * * *', command: 'true "%a"' }),
  mount: caseOf(mount, { path: '/srv' }, { source: 'tmpfs', type: 'tmpfs', options: 'size=1m' }),
  package: caseOf(aptPackage, { name: 'hello' }, { version: '2.10-3' }),
};

// The whole suites under every shell are for `npm run proof`.
describe.skipIf(whyNoRemote !== null)(whyNoRemote ?? `by SSH on a Debian with ${otherShell} alone`, () => {
  let debian: RemoteDebian;
  beforeAll(async () => {
    debian = await openRemote(otherShell, openAptRoot());
    debian.sh('echo 127.0.0.1 localhost >/etc/hosts');
  });
  afterAll(async () => {
    await debian?.close();
    closeRepository();
  });

  it.each(Object.entries(cases))('as it is wished, and gone after undo: %s', async (_, [type, id, want]) => {
    const { host } = debian;
    const live = async (): Promise<unknown> => {
      const found = await type.read(id, host);
      return found.is === 'present' ? found.live : found.is;
    };
    const before = await live();
    const made = await type.write({ id, want, live: null, options: {} }, host);
    const now = await live();
    expect(made).toMatchObject({ is: 'written' });
    expect(type.diff(now, want as Parameters<typeof type.diff>[1])).toEqual({ changes: [], foreign: [] });
    expect(await type.restore({ id, before: null, live: now }, host)).toMatchObject({ is: 'written', live: null });
    expect([before, await live()]).toEqual(['absent', 'absent']);
  });
});
