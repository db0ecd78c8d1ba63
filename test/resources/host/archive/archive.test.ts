import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalTools } from '../../../../src/connect/local/tools.ts';
import { type AnyHandle, handleOf } from '../../../../src/model/resource.ts';
import { archive } from '../../../../src/resources/host/archive/archive.ts';
import { unpack } from '../../../../src/resources/host/archive/unpack.ts';
import { sha256Of } from '../../../../src/resources/host/path-image.ts';
import { worlds } from '../../../contract/host/worlds.ts';
import { writeAll } from '../../../contract/host/write-all.ts';
import { tar, zip } from './make.ts';

let root: string;
const long = `${'a-long-name-'.repeat(9)}é`;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cairn-archive-'));
  const at = (...names: string[]): string => join(root, 'tool-1.2', ...names);
  mkdirSync(at('bin'), { recursive: true });
  mkdirSync(at(long, long), { recursive: true });
  writeFileSync(at('bin', 'tool'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(at(long, long, 'data'), Buffer.from([0, 255, 13, 10]));
  writeFileSync(at('empty'), '');
  symlinkSync('bin/tool', at('run'));
  symlinkSync(`../../${long}/${long}/data`, at(long, long, 'self'));
  execFileSync('ln', ['bin/tool', 'hard'], { cwd: at() });
  for (const format of ['gnu', 'pax', 'ustar']) {
    const names =
      format === 'ustar' ? ['tool-1.2/bin', 'tool-1.2/empty', 'tool-1.2/run', 'tool-1.2/hard'] : ['tool-1.2'];
    execFileSync('tar', [`--format=${format}`, '-czf', `${format}.tar.gz`, ...names], { cwd: root });
  }
  execFileSync('tar', ['-cf', 'plain.tar', './tool-1.2/bin'], { cwd: root });
  writeFileSync(
    join(root, 'some.zip'),
    zip([
      { name: 't/', unix: 0o040700 },
      { name: 't/run', content: 'go', unix: 0o100755 },
      { name: 't/stored', content: 'as it is', method: 0, unix: 0 },
      { name: 't/link', content: 'run', unix: 0o120777 },
    ]),
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function partsOf(name: string, folder: string, want: object = {}): Promise<readonly AnyHandle[]> {
  const tools = new LocalTools({ root, env: process.env });
  const { type, id, want: wish } = handleOf(archive({ path: folder, source: name, ...want }));
  return ((await type.expand?.(id, wish, { tools, kube: null, host: null, declared: [] })) ?? []).map(handleOf);
}

describe('an archive', () => {
  it.each(['gnu.tar.gz', 'pax.tar.gz', 'ustar.tar.gz'])('as tar makes it is known whole: %s', async (name) => {
    const tools = new LocalTools({ root, env: process.env });
    const found = unpack(await tools.bytes(name), 1).map(({ path, kind, mode, content, target }) =>
      [path, kind, mode, target, Buffer.from(content).toString('hex')].join(' ').trim(),
    );
    expect(found).toContain('bin directory 0755');
    expect(found).toContain(`bin/tool file 0755  ${Buffer.from('#!/bin/sh\n').toString('hex')}`);
    expect(found).toContain(`hard file 0755  ${Buffer.from('#!/bin/sh\n').toString('hex')}`);
    expect(found).toContain('run link 0777 bin/tool');
    expect(found).toContain('empty file 0644');
    if (name === 'ustar.tar.gz') return;
    expect(found).toContain(`${long}/${long}/data file 0644  00ff0d0a`);
    expect(found).toContain(`${long}/${long}/self link 0777 ../../${long}/${long}/data`);
  });

  it('implies the directories that it leaves out', () => {
    const found = unpack(tar([{ name: 'a/b/c', content: 'x', mode: '0006755' }]));
    expect(found.map(({ path, kind, mode }) => `${path} ${kind} ${mode}`)).toEqual([
      'a directory 0755',
      'a/b directory 0755',
      'a/b/c file 0755',
    ]);
  });

  it('with another sum is refused', async () => {
    const made = partsOf('plain.tar', '/opt', { sha256: '0'.repeat(64) });
    await expect(made).rejects.toMatchObject({ code: 'wrong-checksum' });
    const tools = new LocalTools({ root, env: process.env });
    const sha256 = sha256Of(await tools.bytes('plain.tar'));
    expect(await partsOf('plain.tar', '/opt', { sha256 })).toHaveLength(3);
  });

  it('that is missing or bad is a problem that lint finds', async () => {
    writeFileSync(join(root, 'bad.tar'), tar([{ name: '../x' }]));
    const tools = new LocalTools({ root, env: process.env });
    const codes = async (source: string): Promise<unknown> => {
      const { type, id } = handleOf(archive({ path: '/opt', source }));
      return (await type.inspect?.(id, tools))?.map(({ code }) => code);
    };
    expect(await codes('none.tar')).toEqual(['file-missing']);
    expect(await codes('bad.tar')).toEqual(['bad-archive']);
    expect(await codes('gnu.tar.gz')).toEqual([]);
  });
});

describe.each(Object.entries(worlds))('an archive on %s', (_, open) => {
  it.each(['gnu.tar.gz', 'some.zip'])('is unpacked, and undo takes away what it made: %s', async (name) => {
    const world = await open();
    await world.mkdir('opt');
    const before = world.tree();
    const parts = await partsOf(name, `${world.folder}/opt`, { strip: 1, owner: 'daemon' });
    const undo = await writeAll(parts, world);
    const run = await world.reader.ask({ ask: 'stat', path: `${world.folder}/opt/run` });
    expect(run).toMatchObject(name === 'some.zip' ? { kind: 'file', mode: '0755', owner: 'daemon' } : { kind: 'link' });
    await undo();
    expect(world.tree()).toEqual(before);
    await world.close();
  });

  it('goes through no link that lies where one of its directories should be', async () => {
    const world = await open();
    await world.mkdir('opt');
    await world.mkdir('elsewhere');
    await world.link('opt/bin', '../elsewhere');
    const parts = await partsOf('gnu.tar.gz', `${world.folder}/opt`, { strip: 1 });
    await expect(writeAll(parts, world)).rejects.toMatchObject({ code: 'in-the-way' });
    expect(await world.reader.ask({ ask: 'list', path: `${world.folder}/elsewhere` })).toEqual([]);
    await world.close();
  });

  it('that must be absent is taken away, and undo brings it back', async () => {
    const world = await open();
    await world.mkdir('opt');
    await writeAll(await partsOf('some.zip', `${world.folder}/opt`), world);
    const before = world.tree();
    const undo = await writeAll(await partsOf('some.zip', `${world.folder}/opt`, { absent: true }), world);
    expect(await world.reader.ask({ ask: 'list', path: `${world.folder}/opt` })).toEqual([]);
    await undo();
    expect(world.tree()).toEqual(before);
    await world.close();
  });
});
