import { describe, expect, it } from 'vitest';
import { LocalTransport } from '../../../src/connect/local/transport.ts';
import { ShellReader } from '../../../src/connect/shell/host.ts';
import { CairnError } from '../../../src/model/diagnostic.ts';
import { Secret } from '../../../src/model/secret.ts';
import { file } from '../../../src/resources/host/file.ts';
import { contractSuite } from '../suite.ts';
import { typeOf } from './types.ts';
import { isRoot, openFake, openLocal, worlds } from './worlds.ts';

const canary = 'canary-7f3a91c5-of-the-file';

for (const [where, open] of Object.entries(worlds)) {
  contractSuite({
    name: `file on ${where}`,
    type: typeOf(file),
    open,
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

const type = typeOf(file);

describe.each(Object.entries(worlds))('a file on %s', (_, open) => {
  it('too large for an image is given back from a copy on the host, which is gone then', async () => {
    const world = await open();
    const id = { path: `${world.folder}/big` };
    await world.put('big', 'a line of the large file\n'.repeat(60_000), '0640');
    const before = world.tree();
    const found = await type.read(id, world.reader);
    const live = found.is === 'present' ? found.live : null;
    for (const want of [{ content: 'small now\n' }, { absent: true }]) {
      const written = await type.write({ id, want, live, options: {} }, world.writer);
      const now = written.is === 'written' ? written.live : null;
      expect(written.is).toBe('written');
      expect((await type.restore({ id, before: live, live: now }, world.writer)).is).toBe('written');
      expect(world.tree()).toEqual(before);
    }
    await world.close();
  });

  it('that must be absent is removed, and comes back with undo', async () => {
    const world = await open();
    const id = { path: `${world.folder}/old` };
    await world.put('old', 'theirs\n', '0604');
    const before = world.tree();
    const found = await type.read(id, world.reader);
    const live = found.is === 'present' ? found.live : null;
    expect(type.diff(live, { absent: true }).changes).toMatchObject([
      { path: 'kind', before: 'file', after: 'absent' },
    ]);
    expect(await type.write({ id, want: { absent: true }, live, options: {} }, world.writer)).toEqual({
      is: 'written',
      live: null,
    });
    expect(type.diff(null, { absent: true }).changes).toEqual([]);
    await type.restore({ id, before: live, live: null }, world.writer);
    expect(world.tree()).toEqual(before);
    await world.close();
  });

  it('leaves what it says nothing of as it is', async () => {
    const world = await open();
    const id = { path: `${world.folder}/kept` };
    await world.put('kept', 'old\n', '0600');
    await world.chown('kept', 'daemon', 'adm');
    const found = await type.read(id, world.reader);
    const live = found.is === 'present' ? found.live : null;
    const written = await type.write({ id, want: { content: 'new\n' }, live, options: {} }, world.writer);
    expect(written).toMatchObject({ live: { mode: '0600', owner: 'daemon', group: 'adm' } });
    await world.close();
  });

  it('that its check refuses does not go live, and nothing is left of it', async () => {
    const world = await open();
    const id = { path: `${world.folder}/checked it's` };
    await world.put("checked it's", 'old\n');
    const before = world.tree();
    const found = await type.read(id, world.reader);
    const live = found.is === 'present' ? found.live : null;
    const write = (validate: readonly [string, ...string[]]) =>
      type.write({ id, want: { content: 'new\n', validate }, live, options: {} }, world.writer);
    await expect(write(['false', '%s'])).rejects.toMatchObject({ code: 'operation-failed' });
    expect(world.tree()).toEqual(before);
    expect(await write(['true', '-c', '%s'])).toMatchObject({ is: 'written' });
    await world.close();
  });

  it('does not take the place of a directory', async () => {
    const world = await open();
    const id = { path: `${world.folder}/dir` };
    await world.mkdir('dir');
    const found = await type.read(id, world.reader);
    const live = found.is === 'present' ? found.live : null;
    const write = type.write({ id, want: { content: 'x' }, live, options: {} }, world.writer);
    await expect(write).rejects.toMatchObject({ code: 'in-the-way' });
    await world.close();
  });

  it('names the directory that is missing above', async () => {
    const world = await open();
    const id = { path: `${world.folder}/no/file` };
    const write = type.write({ id, want: { content: 'x' }, live: null, options: {} }, world.writer);
    await expect(write).rejects.toThrow(`the directory ${world.folder}/no does not exist`);
    await world.close();
  });
});

describe('the difference of a file', () => {
  const before = { kind: 'file', mode: '0644', owner: 'root', group: 'root', sha256: 'x', size: 12 } as const;
  const live = { ...before, content: Buffer.from('one\ntwo\nthree\n') };

  it('shows the lines that changed', () => {
    const { changes } = type.diff(live, { content: 'one\n2\nthree\nfour\n' });
    expect(changes).toMatchObject([
      { path: 'content', before: 'lines 2-3: two ⏎ three', after: 'lines 2-4: 2 ⏎ three ⏎ four' },
    ]);
  });

  it('only counts lines of what not everybody may read', () => {
    const { changes } = type.diff({ ...live, mode: '0600' }, { content: 'password\n' });
    expect(changes).toMatchObject([{ path: 'content', before: '3 lines', after: '1 line' }]);
  });

  it('shows nothing of a secret', () => {
    const { changes } = type.diff(live, { content: new Secret('a word nobody knows') });
    expect(changes).toEqual([{ path: 'content', how: 'update', secret: true }]);
  });

  it('shows bytes that are no text by size and sum', () => {
    const { changes } = type.diff(live, { content: Uint8Array.of(0, 1, 2) });
    expect(changes).toMatchObject([{ after: expect.stringMatching(/^3 bytes, sha256 [0-9a-f]{12}$/) }]);
  });
});

describe('a file that can not be looked at', () => {
  it('is unreadable, not absent, on a fake host', async () => {
    const world = await openFake();
    world.host.files.unreadable.set(world.folder, 'Permission denied');
    expect(await type.read({ path: `${world.folder}/x` }, world.reader)).toMatchObject({ is: 'unreadable' });
  });

  it.runIf(isRoot)('is unreadable, not absent, for somebody who may not enter its directory', async () => {
    const world = await openLocal();
    const nobody = new ShellReader(new LocalTransport({ uid: 65534, gid: 65534 }));
    expect(await type.read({ path: `${world.folder}/x` }, nobody)).toMatchObject({ is: 'unreadable' });
    await world.close();
  });

  it('has no address unless its path is absolute and plain', () => {
    for (const path of ['etc/hosts', '/etc/../x', '/', '/a//b', '/a/', '/a/.']) {
      expect(() => type.address({ path })).toThrow(CairnError);
    }
    expect(type.address({ path: '/etc/..hosts/.x' })).toBe('file/etc/..hosts/.x');
  });
});
