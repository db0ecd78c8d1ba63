import { expect, it } from 'vitest';
import { FakeHost } from '../../../src/connect/fake/host.ts';
import { hostsEntry } from '../../../src/resources/host/hosts-entry.ts';
import { contractSuite } from '../suite.ts';
import { systems } from './system/worlds.ts';
import { typeOf } from './types.ts';

const start = '127.0.0.1 localhost\n# kept\n10.1.1.1 other\n';
const path = '/etc/hosts';

for (const [where, open] of Object.entries(systems)) {
  contractSuite({
    name: `hosts entry on ${where}`,
    type: typeOf(hostsEntry),
    open: async () => {
      const world = await open();
      world.put(path, start);
      return world;
    },
    id: () => ({ name: 'web.cairn.localhost' }),
    want: { address: '127.0.0.1' },
    drifts: { address: async (world) => world.put(path, `${start}10.9.9.9 web.cairn.localhost\n`) },
    older: async (world) => world.put(path, `10.9.9.9 web.cairn.localhost alias # by hand\n${start}`),
    snapshot: async (world) => world.text(path),
    unreadable: {
      'when the file is not to be read': async (world) => {
        world.sh('rm /etc/hosts; mkdir /etc/hosts');
        world.fake?.files.unreadable.set(path, 'Input/output error');
      },
    },
  });
}

it('takes the file away again that it had to make', async () => {
  const host = new FakeHost();
  const before = host.snapshot();
  const type = typeOf(hostsEntry);
  const id = { name: 'web.cairn.localhost' };
  const read = async () => {
    const found = await type.read(id, host);
    return found.is === 'present' ? found.live : null;
  };
  const found = await read();
  expect(type.diff(found, { address: '10.0.0.1' }).changes).toMatchObject([{ path: 'address', after: '10.0.0.1' }]);
  await type.write({ id, want: { address: '10.0.0.1' }, live: found, options: {} }, host);
  const live = await read();
  expect(type.diff(live, { address: '10.0.0.1' }).changes).toEqual([]);
  await type.restore({ id, before: found, live }, host);
  expect(host.snapshot()).toEqual(before);
});
