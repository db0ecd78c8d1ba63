import { expect, it } from 'vitest';
import { treePermissions } from '../../../src/resources/host/tree/permissions.ts';
import { stray } from '../../../src/resources/host/tree/stray.ts';
import { typeOf } from './types.ts';
import { type HostWorld, worlds } from './worlds.ts';

const oddNames = ['conf/site one', 'conf/ünï', "conf/it's", 'conf/-n', 'conf/.hidden'];

async function fill(world: HostWorld): Promise<void> {
  await world.mkdir('conf');
  await world.mkdir('conf/deep');
  for (const name of [...oddNames, 'conf/deep/er']) await world.put(name, name, '0640');
  await world.link('conf/out', '/etc');
}

for (const [where, open] of Object.entries(worlds)) {
  it(`all beneath a directory is told, and no link is gone through, on ${where}`, async () => {
    const world = await open();
    await fill(world);
    const found = await world.reader.ask({ ask: 'tree', path: `${world.folder}/conf` });
    expect(found?.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'file -n',
      'file .hidden',
      'directory deep',
      'file deep/er',
      "file it's",
      'link out',
      'file site one',
      'file ünï',
    ]);
    expect(found?.find(({ path }) => path === 'deep/er')).toMatchObject({ mode: '0640', owner: 'root', size: 12 });
    expect(await world.reader.ask({ ask: 'tree', path: `${world.folder}/none` })).toBeNull();
    await expect(world.reader.ask({ ask: 'tree', path: `${world.folder}/conf/out` })).rejects.toThrow(
      /not a directory/,
    );
    await world.close();
  });

  it(`permissions of all beneath are set, except of what others declare, and given back, on ${where}`, async () => {
    const world = await open();
    await fill(world);
    const before = await world.tree();
    const type = typeOf(treePermissions);
    const path = `${world.folder}/conf`;
    const except = [{ path: `${path}/it's`, isWhole: false }];
    const want = { owner: 'daemon', fileMode: '600', directoryMode: '0700', except };
    const read = async () => {
      const found = await type.read({ path }, world.reader);
      return found.is === 'present' ? found.live : null;
    };
    const live = await read();
    const { changes } = type.diff(live, want);
    expect(changes.find((one) => one.path === 'deep/er')).toMatchObject({
      before: '0640 root:root',
      after: '0600 daemon:root',
    });
    expect(changes.map((one) => one.path)).not.toContain("it's");
    const made = await type.write({ id: { path }, want, live, options: {} }, world.writer);
    expect(made.is).toBe('written');
    const now = await read();
    expect(type.diff(now, want).changes).toEqual([]);
    expect(
      type.compare(live, type.codec.decode(JSON.parse(JSON.stringify(type.codec.encode(live as never))), 1)),
    ).toEqual([]);
    await type.restore({ id: { path }, before: live, live: now }, world.writer);
    expect(await world.tree()).toEqual(before);
    await world.close();
  });

  it(`who gets another owner keeps set-user-ID and set-group-ID, on ${where}`, async () => {
    const world = await open();
    await world.mkdir('conf');
    for (const [name, mode] of Object.entries({ plain: '0755', tool: '4755', both: '6750' }))
      await world.put(`conf/${name}`, name, mode);
    const before = await world.tree();
    const type = typeOf(treePermissions);
    const path = `${world.folder}/conf`;
    const read = async () => {
      const found = await type.read({ path }, world.reader);
      return found.is === 'present' ? found.live : null;
    };
    const live = await read();
    const want = { owner: 'daemon', except: [] };
    await type.write({ id: { path }, want, live, options: {} }, world.writer);
    const now = await read();
    expect(type.diff(live, want).changes.map(({ after }) => after)).toEqual([
      '6750 daemon:root',
      '0755 daemon:root',
      '4755 daemon:root',
    ]);
    expect(type.diff(now, want).changes).toEqual([]);
    expect(type.compare(live, now)).toHaveLength(3);
    await type.restore({ id: { path }, before: live, live: now }, world.writer);
    expect(await world.tree()).toEqual(before);
    await world.close();
  });

  for (const sort of ['file', 'link', 'directory'] as const) {
    it(`an undeclared ${sort} goes, and comes back as it was, on ${where}`, async () => {
      const world = await open();
      if (sort === 'file') await world.put('old', 'theirs\n', '0604');
      if (sort === 'link') await world.link('old', 'else\nwhere\n');
      if (sort === 'directory') await world.mkdir('old');
      await world.chown('old', 'daemon', 'daemon');
      const before = await world.tree();
      const type = typeOf(stray);
      const id = { at: `${world.folder}/old`, sort };
      const found = await type.read(id, world.reader);
      const live = found.is === 'present' ? found.live : null;
      expect(type.diff(live, {}).removes).toBe(true);
      await type.write({ id, want: {}, live, options: {} }, world.writer);
      expect(await type.read(id, world.reader)).toEqual({ is: 'absent' });
      await type.restore({ id, before: live, live: null }, world.writer);
      expect(await world.tree()).toEqual(before);
      await world.close();
    });
  }
}
