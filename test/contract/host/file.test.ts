import { Secret } from '../../../src/model/secret.ts';
import { file } from '../../../src/resources/host/file.ts';
import { contractSuite } from '../suite.ts';
import { typeOf } from './types.ts';
import { type HostWorld, worlds } from './worlds.ts';

const canary = 'canary-7f3a91c5-of-the-file';

for (const [where, open] of Object.entries(worlds)) {
  contractSuite({
    name: `file on ${where}`,
    type: typeOf(file),
    open: open as () => Promise<HostWorld>,
    id: (world) => ({ path: `${world.folder}/app.conf` }),
    want: { content: "port = 80\nname = it's\n", mode: '0640', owner: 'root', group: 'daemon' },
    drifts: {
      content: async (world) => {
        await world.put('app.conf', 'port = 81\n', '0640');
        await world.chown('app.conf', 'root', 'daemon');
      },
      mode: async (world) => await world.chmod('app.conf', '0600'),
      owner: async (world) => await world.chown('app.conf', 'daemon', 'daemon'),
      group: async (world) => await world.chown('app.conf', 'root', 'adm'),
      kind: async (world) => {
        await world.remove('app.conf');
        await world.link('app.conf', '/nowhere');
      },
    },
    older: async (world) => await world.put('app.conf', 'by hand\n', '0604'),
    snapshot: async (world) => world.tree(),
    secret: { want: { content: new Secret(`password = ${canary}\n`) }, canary },
  });
}
