import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/model/secret.ts';
import { authorizedKey } from '../../../../src/resources/host/accounts/authorized-key.ts';
import { group } from '../../../../src/resources/host/accounts/group.ts';
import { user } from '../../../../src/resources/host/accounts/user.ts';
import { contractSuite } from '../../suite.ts';
import { typeOf } from '../types.ts';
import { linesOf, type SystemWorld, systems } from './worlds.ts';

const accounts = ['/etc/passwd', '/etc/group', '/etc/shadow'];
const hash = '$6$saltsalt$canary.Z9mXoPq4o0Kx1';
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGdTn0gLSfn9Uo0mfjW0bDnJmNJWCBVjHZPk8dYyAAAA ada@laptop';
const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAn9Uo0mfjW0bDnJmNJWCBVjHZPk8dYyBBBB bob';
const blob = key.split(' ')[1] ?? '';

async function inPasswd(world: SystemWorld, from: string, to: string): Promise<void> {
  world.edit('/etc/passwd', (text) => text.replace(from, to));
}

async function withAda(open: () => Promise<SystemWorld>): Promise<SystemWorld> {
  const world = await open();
  world.edit('/etc/passwd', (text) => `${text}ada:x:2001:0:Ada:/root/ada:/bin/sh\n`);
  world.sh('mkdir -p /root/ada/.ssh');
  world.fake?.files.makeDirectories('/root/ada/.ssh');
  return world;
}

for (const [where, open] of Object.entries(systems)) {
  contractSuite({
    name: `group on ${where}`,
    type: typeOf(group),
    open,
    id: () => ({ name: 'app' }),
    want: { gid: 4242 },
    drifts: { gid: async (world) => world.edit('/etc/group', (text) => text.replace(':4242:', ':4243:')) },
    older: async (world) => world.edit('/etc/group', (text) => `${text}app:x:4000:root\n`),
    snapshot: async (world) => linesOf(world, ['/etc/group']),
    unreadable: {
      'when /etc/group is a folder': async (world) => {
        world.sh('mv /etc/group /etc/group.off; mkdir /etc/group');
        world.fake?.files.unreadable.set('/etc/group', 'Is a directory');
      },
    },
  });

  contractSuite({
    name: `user on ${where}`,
    type: typeOf(user),
    open,
    id: () => ({ name: 'ada' }),
    want: {
      uid: 4242,
      groups: ['sudo'],
      comment: 'Ada L.',
      home: '/opt/ada',
      shell: '/bin/bash',
      passwordHash: new Secret(hash),
    },
    drifts: {
      uid: async (world) => await inPasswd(world, ':4242:', ':4243:'),
      comment: async (world) => await inPasswd(world, 'Ada L.', 'Eve'),
      home: async (world) => await inPasswd(world, '/opt/ada', '/opt/eve'),
      shell: async (world) => await inPasswd(world, 'ada:/bin/bash', 'ada:/bin/false'),
      groups: async (world) => world.edit('/etc/group', (text) => text.replace(/^(sudo:.*:).*$/m, '$1')),
      passwordHash: async (world) => world.edit('/etc/shadow', (text) => text.replace(hash, '$6$other$hash')),
    },
    older: async (world) => {
      world.edit('/etc/group', (text) => `${text}ada:x:4000:\n`);
      world.edit('/etc/passwd', (text) => `${text}ada:x:4000:4000:Old:/opt:/bin/sh\n`);
      world.edit('/etc/shadow', (text) => `${text}ada:!:20000:0:99999:7:::\n`);
    },
    // A password's date is the day on which it is set.
    snapshot: async (world) =>
      [...accounts, '/etc/subuid'].map((path) =>
        world
          .text(path)
          .replace(/^(ada:[^:]*):20\d+:/gm, '$1:today:')
          .split('\n')
          .sort(),
      ),
    secret: { want: { passwordHash: new Secret(hash) }, canary: hash },
  });

  for (const lines of [[], [`# mine\n`, `${other}\n`]]) {
    contractSuite({
      name: `authorized key in a file of ${lines.length} lines on ${where}`,
      type: typeOf(authorizedKey),
      open: async () => {
        const world = await withAda(open);
        if (lines.length > 0) world.put('/root/ada/.ssh/authorized_keys', lines.join(''));
        return world;
      },
      id: () => ({ user: 'ada', key }),
      want: { options: 'restrict,command="echo hi there"' },
      drifts: {
        options: async (world) =>
          world.edit('/root/ada/.ssh/authorized_keys', (text) => text.replace('restrict,', 'no-pty,')),
      },
      older: async (world) =>
        world.put('/root/ada/.ssh/authorized_keys', [`no-pty ssh-ed25519 ${blob} old\n`, ...lines].join('')),
      snapshot: async (world) => world.text('/root/ada/.ssh/authorized_keys'),
    });
  }

  describe(`accounts on ${where}`, () => {
    const change = { options: {} } as const;

    it('a user whose group was there before leaves it', async () => {
      const world = await open();
      world.edit('/etc/group', (text) => `${text}ada:x:4000:\n`);
      const before = linesOf(world, accounts);
      const type = typeOf(user);
      const id = { name: 'ada', sharesGroup: true };
      const made = await type.write({ id, want: { group: 'ada' }, live: null, ...change }, world.writer);
      expect(made).toMatchObject({ is: 'written', live: { gid: 4000, group: 'ada' } });
      if (made.is === 'written') await type.restore({ id, before: null, live: made.live }, world.writer);
      expect(linesOf(world, accounts)).toEqual(before);
      await world.close();
    });

    it('a user who was removed comes back with number, groups and password', async () => {
      const world = await open();
      const type = typeOf(user);
      const id = { name: 'ada' };
      const want = { uid: 4242, groups: ['sudo'], passwordHash: hash };
      await type.write({ id, want, live: null, ...change }, world.writer);
      const before = await type.read(id, world.reader);
      if (before.is !== 'present') throw new Error('there is no ada');
      await type.write({ id, want: { absent: true }, live: before.live, ...change }, world.writer);
      expect(await type.read(id, world.reader)).toEqual({ is: 'absent' });
      await type.restore({ id, before: before.live, live: null }, world.writer);
      expect(await type.read(id, world.reader)).toEqual(before);
      await world.close();
    });

    it('a key for somebody who is not there is refused by name', async () => {
      const world = await open();
      const type = typeOf(authorizedKey);
      const write = type.write({ id: { user: 'eve', key }, want: {}, live: null, ...change }, world.writer);
      await expect(write).rejects.toMatchObject({ code: 'no-such-user' });
      await world.close();
    });
  });
}

describe('accounts', () => {
  it('are refused by the name before anything is asked', () => {
    expect(() => typeOf(user).address({ name: '-rf' })).toThrow(/can't be the name/);
    expect(() => typeOf(authorizedKey).address({ user: 'ada', key: '-----BEGIN OPENSSH' })).toThrow(/public key/);
  });

  it('need the tools that change them', async () => {
    const world = await systems['a fake host']?.();
    if (!world?.fake) throw new Error('no fake');
    world.fake.commands.splice(0, world.fake.commands.length, {
      argv: ['sh', '-c'],
      run: () => ({ status: 127 }),
    });
    const write = typeOf(group).write({ id: { name: 'a' }, want: {}, live: null, options: {} }, world.writer);
    await expect(write).rejects.toMatchObject({ code: 'host-lacks' });
  });
});
