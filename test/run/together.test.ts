import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { HostChange } from '../../src/model/host.ts';
import type { Resource } from '../../src/model/resource.ts';
import { restore, step } from '../../src/model/step.ts';
import { command } from '../../src/resources/host/command.ts';
import { line } from '../../src/resources/host/content/line.ts';
import { directory } from '../../src/resources/host/directory.ts';
import { World } from '../rig/world.ts';
import { rootFile } from './things.ts';

const makes = { argv: ['make'], run: () => undefined };

/** A world whose scripts are listed: what each changed, and what it was asked. */
function worldOf(
  resources: () => Readonly<Record<string, Resource<unknown>>>,
): World & { readonly scripts: string[][] } {
  const world = new World({ 'demo/10_all': step({ summary: 'All', on: 'hosts', undo: restore, resources }) });
  const scripts: string[][] = [];
  const { host } = world;
  const inTurn = host.changeInTurn.bind(host);
  host.changeInTurn = (changes, stop) => {
    if (changes.length > 0) scripts.push(changes.map(shown));
    return inTurn(changes, stop);
  };
  return Object.assign(world, { scripts });
}

function shown({ operations, readBack }: HostChange): string {
  if (operations.length === 0) return readBack.map(({ ask }) => ask).join('+');
  return operations.map((one) => ('path' in one ? one.path : one.do)).join(' ');
}

const files = () => ({
  one: rootFile('/srv-1', '1'),
  two: rootFile('/srv-2', '2'),
  three: rootFile('/srv-3', '3'),
});

describe('what a level of a host writes', () => {
  it('goes there in one script, as long as nothing of it starts programs or must know what came before', async () => {
    const world = worldOf(() => ({
      folder: directory({ path: '/srv' }),
      file: rootFile('/srv/file', 'text'),
      built: command({ id: 'build', creates: '/srv/built', argv: ['make'], undo: ['clear'] }),
      first: line({ path: '/etc/settings', line: 'a = 1' }),
      second: line({ path: '/etc/settings', line: 'b = 2' }),
      third: line({ path: '/etc/settings', line: 'c = 3' }),
      last: rootFile('/etc/last', 'text'),
    }));
    const put = () => world.host.files.set('/srv/built', { kind: 'file', content: Buffer.of(), mode: '0644', ...root });
    world.host.commands.push({ ...makes, run: () => void put() });
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 4, updated: 3 } }] });
    expect(world.scripts).toEqual([
      ['/srv', '/srv/file', 'run'],
      ['stat+content'],
      ['/etc/settings', '/etc/settings', '/etc/settings', '/etc/last'],
    ]);
    expect(Buffer.from(world.host.files.content('/etc/settings') ?? []).toString()).toBe('a = 1\nb = 2\nc = 3\n');
    const order = world.events.filter(({ type }) => type.startsWith('resource-')).map(({ type }) => type);
    expect(order).toEqual(Array(7).fill(['resource-started', 'resource-finished']).flat());
  });

  it('ends where one fails: what came before is done, what comes after is not begun', async () => {
    const world = worldOf(files);
    world.host.failAt = 2;
    const { code, recap, failure } = await world.up();
    expect([code, recap[0]?.counts, failure?.title]).toEqual([1, { created: 1, failed: 1 }, 'file /srv-2']);
    expect(await world.pending()).toEqual(['create file /srv-2', 'create file /srv-3']);
  });

  it('stops where somebody changed something meanwhile, and nothing after it is written', async () => {
    const world = worldOf(files);
    world.host.beforeChange = () => {
      if (world.host.changes === 1) put(world, '/srv-2', 'theirs');
    };
    const { code, failure } = await world.up();
    expect([code, failure?.causes[0]?.code]).toEqual([5, 'moved']);
    expect(world.host.files.get('/srv-3')).toBeUndefined();
  });

  it('stops at Ctrl-C between two of them, and accounts for what was done', async () => {
    const world = worldOf(files);
    world.host.beforeChange = () => {
      if (world.host.changes === 2) world.interrupt.abort();
    };
    expect(await world.up()).toMatchObject({ code: 130, recap: [{ counts: { created: 2 } }] });
    expect(world.outcomes()).toEqual(['created file /srv-1', 'created file /srv-2']);
    expect(world.host.files.get('/srv-3')).toBeUndefined();
  });

  it('tells what a program prints while it runs, also of one in a later script', async () => {
    const world = worldOf(() => ({
      one: command({ id: 'one', creates: '/srv-one', argv: ['make', 'one'], undo: ['clear'] }),
      two: command({ id: 'two', creates: '/srv-two', argv: ['make', 'two'], undo: ['clear'] }),
    }));
    for (const name of ['one', 'two'])
      world.host.commands.push({ argv: ['make', name], run: () => void put(world, `/srv-${name}`, '') });
    const { host } = world;
    const inTurn = host.changeInTurn.bind(host);
    const told: number[] = [];
    host.changeInTurn = (changes, stop) => {
      for (const { onLine } of changes) onLine?.('at work');
      const turns = setTimeout(1).then(() => {
        told.push(world.events.filter(({ type }) => type === 'progress').length);
        return inTurn(changes, stop);
      });
      return changes.map(async (_, i) => (await turns)[i] ?? { is: 'not-begun' as const });
    };
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 2 } }] });
    expect(told).toEqual([1, 2]);
  });

  it('is settled one by one where the connection breaks in the midst, and nothing is done twice', async () => {
    const world = worldOf(files);
    world.host.cut = { at: 2, after: 1 };
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 3 } }] });
    expect(world.host.changes).toBe(3);
    expect(await world.pending()).toEqual([]);
  });
});

/** Three files of others that a run has overwritten. */
async function overwritten(): ReturnType<typeof worldAfter> {
  return await worldAfter((world) => {
    for (const [i, path] of ['/srv-1', '/srv-2', '/srv-3'].entries()) put(world, path, `theirs ${i + 1}`);
  });
}

async function worldAfter(prepare: (world: World) => void): Promise<ReturnType<typeof worldOf>> {
  const world = worldOf(files);
  prepare(world);
  expect(await world.up()).toMatchObject({ code: 0 });
  world.scripts.length = 0;
  world.events.length = 0;
  return world;
}

describe('what an undo gives back on a host', () => {
  it('goes there in one script, newest first, and each is told of in its turn', async () => {
    const world = await overwritten();
    expect(await world.undo()).toMatchObject({ code: 0, recap: [{ counts: { updated: 3 } }] });
    expect(world.scripts).toEqual([['/srv-3', '/srv-2', '/srv-1']]);
    expect(Buffer.from(world.host.files.content('/srv-2') ?? []).toString()).toBe('theirs 2');
    const order = world.events.filter(({ type }) => type.startsWith('resource-')).map(({ type }) => type);
    expect(order).toEqual(Array(3).fill(['resource-started', 'resource-finished']).flat());
    expect((await world.planUndo()).plan.steps).toEqual([]);
  });

  it('parts of one file and the folder about it go in the order in which they must', async () => {
    const world = worldOf(() => ({
      folder: directory({ path: '/srv' }),
      file: rootFile('/srv/file', 'text'),
      first: line({ path: '/etc/settings', line: 'a = 1' }),
      second: line({ path: '/etc/settings', line: 'b = 2' }),
    }));
    put(world, '/etc/settings', 'z = 0\n');
    const before = world.snapshot();
    await world.up();
    world.scripts.length = 0;
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
    expect(world.scripts.flat().filter((one) => one.startsWith('/'))).toEqual([
      '/etc/settings',
      '/etc/settings',
      '/srv/file',
      '/srv',
    ]);
    expect(world.scripts.length).toBeLessThan(4);
  });

  it('ends where one fails, and goes on from there', async () => {
    const world = await overwritten();
    world.host.failAt = world.host.changes + 2;
    const { code, recap, failure } = await world.undo();
    expect([code, recap[0]?.counts, failure?.title]).toEqual([1, { updated: 1 }, 'file /srv-2']);
    expect(await world.undo()).toMatchObject({ code: 0, recap: [{ counts: { updated: 2 } }] });
    expect(Buffer.from(world.host.files.content('/srv-1') ?? []).toString()).toBe('theirs 1');
  });

  it('stops where somebody changed something meanwhile, and nothing after it is given back', async () => {
    const world = await overwritten();
    const { changes } = world.host;
    world.host.beforeChange = () => {
      if (world.host.changes === changes + 1) put(world, '/srv-2', 'other');
    };
    const { code, failure } = await world.undo();
    expect([code, failure?.causes[0]?.code]).toEqual([5, 'moved']);
    expect(Buffer.from(world.host.files.content('/srv-1') ?? []).toString()).toBe('1');
  });

  it('stops at Ctrl-C between two of them, and accounts for what was done', async () => {
    const world = await overwritten();
    const { changes } = world.host;
    world.host.beforeChange = () => {
      if (world.host.changes === changes + 2) world.interrupt.abort();
    };
    expect(await world.undo()).toMatchObject({ code: 130, recap: [{ counts: { updated: 2 } }] });
    expect(world.outcomes()).toEqual(['updated file /srv-3', 'updated file /srv-2']);
  });

  it('is settled one by one where the connection breaks in the midst, and nothing is done twice', async () => {
    const world = await overwritten();
    const { changes } = world.host;
    world.host.cut = { at: changes + 2, after: 1 };
    expect(await world.undo()).toMatchObject({ code: 0, recap: [{ counts: { updated: 3 } }] });
    expect(world.host.changes).toBe(changes + 3);
    expect((await world.planUndo()).plan.steps).toEqual([]);
  });
});

const root = { owner: 'root', group: 'root' } as const;

function put({ host }: World, path: string, content: string): void {
  host.files.set(path, { kind: 'file', content: Buffer.from(content), mode: '0644', ...root });
}
