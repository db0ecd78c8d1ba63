import { link } from '../../../src/resources/host/link.ts';
import { contractSuite } from '../suite.ts';
import { typeOf } from './types.ts';
import { worlds } from './worlds.ts';

for (const [where, open] of Object.entries(worlds)) {
  for (const older of ['link', 'file'] as const) {
    contractSuite({
      name: `link over a ${older} on ${where}`,
      type: typeOf(link),
      open,
      id: (world) => ({ path: `${world.folder}/current` }),
      want: { target: 'releases/2 with a space' },
      drifts: {
        target: async (world) => await world.link('current', 'releases/1'),
        kind: async (world) => {
          await world.remove('current');
          await world.mkdir('current');
          await world.remove('current');
          await world.put('current', 'a file now');
        },
      },
      older: async (world) =>
        await (older === 'link' ? world.link('current', '/elsewhere') : world.put('current', 'a file\n', '0600')),
      snapshot: async (world) => world.tree(),
    });
  }
}
