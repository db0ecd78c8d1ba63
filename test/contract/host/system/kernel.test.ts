import { expect, it } from 'vitest';
import { kernelModule } from '../../../../src/resources/host/kernel/module.ts';
import { mount } from '../../../../src/resources/host/kernel/mount.ts';
import { sysctl } from '../../../../src/resources/host/kernel/sysctl.ts';
import { contractSuite } from '../../suite.ts';
import { typeOf } from '../types.ts';
import { type SystemWorld, systems } from './worlds.ts';

const parameter = '/proc/sys/net/ipv4/ip_default_ttl';
const saved = '/etc/sysctl.d/90-net.ipv4.ip_default_ttl.conf';

async function openFake(): Promise<SystemWorld> {
  const world = await systems['a fake host']?.();
  if (!world) throw new Error('no fake host');
  world.put(parameter, '64\n');
  world.put('/etc/fstab', '# mine\nUUID=1 / ext4 defaults 0 1\n');
  world.put('/proc/self/mounts', 'rootfs / ext4 rw 0 0\n');
  for (const folder of ['/etc/sysctl.d', '/etc/modules-load.d', '/sys/module'])
    world.fake?.files.makeDirectories(folder);
  return world;
}

// The kernel is this machine's own: its parameters are only tried where nobody else is, on the fake.
contractSuite({
  name: 'kernel parameter on a fake host',
  type: typeOf(sysctl),
  open: openFake,
  id: () => ({ key: 'net.ipv4.ip_default_ttl' }),
  want: { value: 65 },
  drifts: {
    value: async (world) => world.put(parameter, '66\n'),
    boot: async (world) => world.edit(saved, (text) => text.replace('= 65', '= 66')),
  },
  older: async (world) => {
    world.put(saved, '# before: 64\nnet.ipv4.ip_default_ttl = 63\n');
    world.put(parameter, '63\n');
  },
  snapshot: async ({ fake }) => fake?.snapshot(),
});

it('a kernel parameter that was there before in a file without our note gets its file back', async () => {
  const world = await openFake();
  world.put(saved, '# why it is so\nnet.ipv4.ip_default_ttl = 63\n');
  const type = typeOf(sysctl);
  const id = { key: 'net.ipv4.ip_default_ttl' };
  const found = await type.read(id, world.reader);
  const before = found.is === 'present' ? found.live : null;
  const text = world.text(saved);
  const made = await type.write({ id, want: { value: 65 }, live: before, options: {} }, world.writer);
  if (made.is === 'written') await type.restore({ id, before, live: made.live }, world.writer);
  expect(world.text(saved)).toBe(text);
});

it.each([0, 1, 2])(
  'a kernel parameter whose write broke off after %i of two operations is still given back',
  async (after) => {
    const world = await openFake();
    const { fake } = world;
    if (!fake) throw new Error('no fake host');
    const type = typeOf(sysctl);
    const id = { key: 'net.ipv4.ip_default_ttl' };
    const look = async () => {
      const found = await type.read(id, world.reader);
      return found.is === 'present' ? found.live : null;
    };
    fake.cut = { at: fake.changes + 1, after };
    await type.write({ id, want: { value: 65 }, live: null, options: {} }, world.writer).catch(() => undefined);
    fake.cut = undefined;
    await type.write({ id, want: { value: 65 }, live: await look(), options: {} }, world.writer);
    await type.restore({ id, before: null, live: await look() }, world.writer);
    expect([world.text(parameter), world.text(saved)]).toEqual(['64\n', '']);
  },
);

contractSuite({
  name: 'kernel module on a fake host',
  type: typeOf(kernelModule),
  open: openFake,
  id: () => ({ name: 'br-netfilter' }),
  want: {},
  drifts: {
    loaded: async (world) => world.fake?.files.remove('/sys/module/br_netfilter'),
    boot: async (world) => world.fake?.files.remove('/etc/modules-load.d/br-netfilter.conf'),
  },
  older: async (world) => world.fake?.files.makeDirectories('/sys/module/br_netfilter'),
  snapshot: async ({ fake }) => fake?.snapshot(),
});

for (const [where, open] of Object.entries({ ...systems, 'a fake host': openFake })) {
  contractSuite({
    name: `mount on ${where}`,
    type: typeOf(mount),
    open: async () => {
      const world = await open();
      world.sh("mkdir '/srv/my data'; printf '# mine\\nUUID=1 / ext4 defaults 0 1\\n' >/etc/fstab");
      return world;
    },
    id: () => ({ path: '/srv/my data' }),
    want: { source: 'tmpfs', type: 'tmpfs', options: 'size=1m' },
    drifts: {
      options: async (world) => world.edit('/etc/fstab', (text) => text.replace('size=1m', 'size=2m')),
      mounted: async (world) => {
        world.sh("umount '/srv/my data'");
        if (world.fake) world.put('/proc/self/mounts', 'rootfs / ext4 rw 0 0\n');
      },
    },
    older: async (world) => world.put('/etc/fstab', 'old /srv/my\\040data tmpfs size=3m 0 0\n# mine\n'),
    snapshot: async (world) => [
      world.text('/etc/fstab'),
      (await world.reader.ask({ ask: 'run', argv: ['cat', '/proc/self/mounts'] })).stdout,
    ],
  });
}
