import { describe, expect, it } from 'vitest';
import type { FakeHost } from '../../src/connect/fake/host.ts';
import type { Resource } from '../../src/model/resource.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { directory } from '../../src/resources/host/directory.ts';
import { aptPackage } from '../../src/resources/host/package.ts';
import { permissions } from '../../src/resources/host/tree/permissions.ts';
import { purge } from '../../src/resources/host/tree/purge.ts';
import { World } from '../rig/world.ts';
import { rootFile } from './things.ts';

const folder = '/etc/app.d';

function steps(resources: () => Record<string, Resource<unknown>>): Record<string, Step> {
  return { 'demo/10_conf': step({ summary: 'A folder of settings', on: 'hosts', undo: restore, resources }) };
}

const ours = { folder: directory({ path: folder }), ours: rootFile(`${folder}/ours`, 'ours\n') };
const only = () => ({ ...ours, only: purge({ path: folder, keep: ['*.local', 'cache'] }) });

function put({ files }: FakeHost, path: string, content = 'theirs\n'): void {
  files.makeDirectories(path.slice(0, path.lastIndexOf('/')));
  files.set(path, { kind: 'file', content: Buffer.from(content), mode: '0640', owner: 'www-data', group: 'adm' });
}

function filled(world: World): World {
  for (const name of ['old', 'sub/deep/one', 'sub/two', 'site.local', 'cache/big'])
    put(world.host, `${folder}/${name}`);
  world.host.files.set(`${folder}/out`, { kind: 'link', target: '/root', mode: '0777', owner: 'root', group: 'root' });
  return world;
}

describe('a purge of a directory', () => {
  it('plans, removes and gives back each thing that nobody declares', async () => {
    const world = filled(new World(steps(only)));
    const before = world.host.snapshot();
    expect(await world.pending()).toEqual([
      `create file ${folder}/ours`,
      `remove undeclared file ${folder}/sub/two`,
      `remove undeclared file ${folder}/sub/deep/one`,
      `remove undeclared directory ${folder}/sub/deep`,
      `remove undeclared directory ${folder}/sub`,
      `remove undeclared link ${folder}/out`,
      `remove undeclared file ${folder}/old`,
    ]);
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 1, removed: 6 } }] });
    expect(world.host.files.list(folder)).toEqual(['cache', 'ours', 'site.local']);
    expect(world.host.files.content('/root')).toBeNull();
    expect(await world.pending()).toEqual([]);
    await world.up();
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.host.snapshot()).toEqual(before);
  });

  it('removes what comes later, too, and undo goes back to what was there first', async () => {
    const world = filled(new World(steps(only)));
    const before = world.host.snapshot();
    await world.up();
    put(world.host, `${folder}/old`, 'again\n');
    expect(await world.pending()).toEqual([`remove undeclared file ${folder}/old`]);
    await world.up();
    await world.undo();
    expect(world.host.snapshot()).toEqual(before);
  });

  it('leaves it gone when it is no longer declared, until undo gives it back', async () => {
    const world = filled(new World(steps(only)));
    const before = world.host.snapshot();
    await world.up();
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { unchanged: 2 } }] });
    world.useSteps(steps(() => ours));
    await world.up();
    expect(world.host.files.list(folder)).toEqual(['cache', 'ours', 'site.local']);
    await world.undo();
    expect(world.host.snapshot()).toEqual(before);
  });

  it('is undecided while something before it may put more there, and looks when that has run', async () => {
    const world = new World(steps(() => ({ app: aptPackage({ name: 'app' }), ...only() })));
    world.host.packages.available.set('app', { version: '1' });
    put(world.host, `${folder}/old`);
    expect(await world.pending()).toContain(`undecided purge of ${folder}`);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(world.host.files.list(folder)).toEqual(['ours']);
    expect(await world.pending()).toEqual([]);
  });
});

describe('permissions of all that is in a directory', () => {
  const wanted = { owner: 'app', group: 'app', fileMode: '0600', directoryMode: '0700' };
  const all = () => ({ ...ours, all: permissions({ path: folder, ...wanted }) });

  it('are planned path by path, set, and given back', async () => {
    const world = filled(new World(steps(all)));
    const before = world.host.snapshot();
    await world.up();
    expect(world.host.files.get(`${folder}/sub/two`)).toMatchObject({ mode: '0600', owner: 'app', group: 'app' });
    expect(world.host.files.get(`${folder}/ours`)).toMatchObject({ mode: '0644', owner: 'root' });
    expect(world.host.files.get('/root')).toMatchObject({ owner: 'root' });
    expect(await world.pending()).toEqual([]);
    put(world.host, `${folder}/log`);
    const [line] = (await world.plan()).steps[0]?.changes.filter(({ verb }) => verb === 'update') ?? [];
    expect(line?.fields).toMatchObject([{ path: 'log', before: '0640 www-data:adm', after: '0600 app:app' }]);
    await world.undo();
    world.host.files.remove(`${folder}/log`);
    expect(world.host.snapshot()).toEqual(before);
  });

  it.each([[], ['app']])(
    'go along with a purge of the same directory, in either order (after %s)',
    async (...packages) => {
      const pair = [['only', only().only] as const, ['all', all().all] as const];
      for (const both of [pair, pair.toReversed()]) {
        const apps = packages.map((name) => [name, aptPackage({ name })] as const);
        const world = filled(new World(steps(() => Object.fromEntries([...apps, ...Object.entries(ours), ...both]))));
        world.host.packages.available.set('app', { version: '1' });
        const before = world.host.snapshot();
        const done = await world.up();
        expect(done, JSON.stringify(done.failure)).toMatchObject({ code: 0 });
        expect(world.host.files.list(folder)).toEqual(['cache', 'ours', 'site.local']);
        expect(world.host.files.get(`${folder}/site.local`)).toMatchObject({ mode: '0600', owner: 'app' });
        expect(await world.pending()).toEqual([]);
        expect(await world.undo()).toMatchObject({ code: 0 });
        expect(world.host.snapshot()).toEqual(before);
      }
    },
  );

  it('of ten thousand files are one resource', async () => {
    const world = new World(steps(all));
    for (let i = 0; i < 10_000; i += 1) put(world.host, `${folder}/${i % 100}/${i}`);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.pending()).toEqual([]);
  });
});
