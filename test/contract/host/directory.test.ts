import { expect, it } from 'vitest';
import { handleOf } from '../../../src/model/resource.ts';
import { directories, directory } from '../../../src/resources/host/directory.ts';
import { contractSuite } from '../suite.ts';
import { typeOf } from './types.ts';
import { worlds } from './worlds.ts';

for (const [where, open] of Object.entries(worlds)) {
  contractSuite({
    name: `directory on ${where}`,
    type: typeOf(directory),
    open,
    id: (world) => ({ path: `${world.folder}/data` }),
    want: { mode: '0750', owner: 'root', group: 'daemon' },
    drifts: {
      mode: async (world) => await world.chmod('data', '2750'),
      owner: async (world) => await world.chown('data', 'daemon', 'daemon'),
      group: async (world) => await world.chown('data', 'root', 'adm'),
    },
    older: async (world) => {
      await world.mkdir('data');
      await world.put('data/kept', 'theirs\n');
    },
    snapshot: async (world) => world.tree(),
  });

  it(`keeps a directory that others put something into, on ${where}`, async () => {
    const world = await open();
    const type = typeOf(directory);
    const id = { path: `${world.folder}/data` };
    const made = await type.write({ id, want: {}, live: null, options: {} }, world.writer);
    await world.put('data/theirs', 'x');
    const live = made.is === 'written' ? made.live : null;
    await expect(type.restore({ id, before: null, live }, world.writer)).rejects.toThrow(/not empty/);
    await world.close();
  });

  it(`names the directory that is missing above, on ${where}`, async () => {
    const world = await open();
    const id = { path: `${world.folder}/no/data` };
    const made = typeOf(directory).write({ id, want: {}, live: null, options: {} }, world.writer);
    await expect(made).rejects.toThrow(`the directory ${world.folder}/no does not exist`);
    await world.close();
  });
}

it('declares each missing level as a directory of its own', () => {
  const made = directories('/var/lib', 'cairn/kind', { mode: '0700' });
  expect(Object.keys(made)).toEqual(['/var/lib/cairn', '/var/lib/cairn/kind']);
  expect(Object.values(made).map((one) => handleOf(one).want)).toEqual([{}, { mode: '0700' }]);
});
