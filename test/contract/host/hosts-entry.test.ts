import { expect, it } from 'vitest';
import { FakeHost } from '../../../src/connect/fake/host.ts';
import { hostsEntry } from '../../../src/resources/host/hosts-entry.ts';
import { contractSuite, type TestWorld } from '../suite.ts';
import { typeOf } from './types.ts';

interface HostsWorld extends TestWorld<'host'> {
  readonly host: FakeHost;
  write(content: string): void;
}

const start = '127.0.0.1 localhost\n# kept\n10.1.1.1 other\n';

async function open(): Promise<HostsWorld> {
  const host = new FakeHost();
  const write = (content: string): void =>
    host.files.set('/etc/hosts', {
      kind: 'file',
      content: Buffer.from(content),
      mode: '0644',
      owner: 'root',
      group: 'root',
    });
  write(start);
  return { host, write, reader: host, writer: host, writes: () => host.changes, close: async () => undefined };
}

contractSuite({
  name: 'hosts entry on a fake host',
  type: typeOf(hostsEntry),
  open,
  id: () => ({ name: 'web.cairn.localhost' }),
  want: { address: '127.0.0.1' },
  drifts: { address: async (world) => world.write(`${start}10.9.9.9 web.cairn.localhost\n`) },
  older: async (world) => world.write(`10.9.9.9 web.cairn.localhost alias # by hand\n${start}`),
  snapshot: async ({ host }) => host.snapshot(),
  unreadable: {
    'when the file is not to be read': async ({ host }) =>
      void host.files.unreadable.set('/etc/hosts', 'Input/output error'),
  },
});

it('takes the file away again that it had to make', async () => {
  const world = await open();
  world.host.files.remove('/etc/hosts');
  const before = world.host.snapshot();
  const type = typeOf(hostsEntry);
  const id = { name: 'web.cairn.localhost' };
  const read = async () => {
    const found = await type.read(id, world.reader);
    return found.is === 'present' ? found.live : null;
  };
  const found = await read();
  expect(type.diff(found, { address: '10.0.0.1' }).changes).toMatchObject([{ path: 'address', after: '10.0.0.1' }]);
  await type.write({ id, want: { address: '10.0.0.1' }, live: found, options: {} }, world.writer);
  const live = await read();
  expect(type.diff(live, { address: '10.0.0.1' }).changes).toEqual([]);
  await type.restore({ id, before: found, live }, world.writer);
  expect(world.host.snapshot()).toEqual(before);
});
