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
