import { expect, test } from 'vitest';
import { restore, type Step, step } from '../../src/model/step.ts';
import { file } from '../../src/resources/host/file.ts';
import { service } from '../../src/resources/host/services/service.ts';
import { World } from '../rig/world.ts';
import { rootFile } from './things.ts';

const path = '/etc/hello.conf';

const demo = (content: string, how: 'restartWhen' | 'reloadWhen' = 'restartWhen'): Record<string, Step> => ({
  'demo/10_hello': step({
    summary: 'A service and its settings',
    on: 'hosts',
    undo: restore,
    resources() {
      const settings = rootFile(path, content);
      return { settings, hello: service({ name: 'hello', state: 'running', [how]: [settings] }) };
    },
  }),
});

/** A world in which the service runs, and what was done to it since. */
function runningWorld(steps = demo('one')): { readonly world: World; done(): readonly string[] } {
  const world = new World(steps);
  const { host } = world;
  host.services.set('hello', { isActive: true, file: 'enabled' });
  const seen: string[] = [];
  host.beforeChange = ({ operations }) => {
    for (const one of operations) {
      if (one.do === 'run' && one.argv[1] !== 'daemon-reload') seen.push(one.argv.slice(1, 2).join(' '));
      if (one.do === 'put-file' || one.do === 'remove') seen.push(one.do);
    }
  };
  return { world, done: () => seen.splice(0) };
}

test('a service restarts once after a file it depends on, and the plan says so', async () => {
  const { world, done } = runningWorld();
  expect(await world.pending()).toEqual([`create file ${path}`, 'restart service hello']);
  const [, line] = (await world.plan()).steps[0]?.changes ?? [];
  expect(line).toMatchObject({ certainty: 'predicted', why: `after file ${path}` });
  expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 1, restarted: 1 } }] });
  expect(done()).toEqual(['put-file', 'restart']);
  expect(await world.pending()).toEqual([]);
  await world.up();
  expect(done()).toEqual([]);
});

test('a reload is enough for what says so', async () => {
  const { world, done } = runningWorld(demo('one', 'reloadWhen'));
  await world.up();
  expect(done()).toEqual(['put-file', 'reload']);
  expect(await world.pending()).toEqual([]);
});

test('a file that somebody changed by hand restarts it, too, and the plan names the file', async () => {
  const { world, done } = runningWorld();
  await world.up();
  world.host.files.set(path, { kind: 'file', content: Buffer.from('one'), mode: '0644', owner: 'root', group: 'root' });
  const [, line] = (await world.plan()).steps[0]?.changes ?? [];
  expect(line).toMatchObject({ verb: 'restart', certainty: 'exact', fields: [{ note: `${path} changed since` }] });
  done();
  await world.up();
  expect(done()).toEqual(['restart']);
});

test('a crash between the file and the restart loses neither', async () => {
  const { world, done } = runningWorld();
  world.host.failAt = 2;
  expect(await world.up()).toMatchObject({ code: 1 });
  done();
  expect(await world.pending()).toEqual(['restart service hello']);
  expect(await world.up()).toMatchObject({ code: 0 });
  expect(done()).toEqual(['restart']);
  expect(await world.pending()).toEqual([]);
});

test('what doesn’t run, or is started now, is not restarted', async () => {
  const { world, done } = runningWorld();
  world.host.services.set('hello', { isActive: false, file: 'enabled' });
  await world.up();
  expect(done()).toEqual(['put-file', 'start']);
  expect(await world.pending()).toEqual([]);
});

test('a file that is gone restarts it', async () => {
  const { world, done } = runningWorld();
  await world.up();
  const gone = { ...demo('one')['demo/10_hello'] } as Step;
  const without = (): ReturnType<Step['resources']> => {
    const settings = file({ path, absent: true });
    return { settings, hello: service({ name: 'hello', state: 'running', restartWhen: [settings] }) };
  };
  world.useSteps({ 'demo/10_hello': { ...gone, resources: without } });
  done();
  expect(await world.pending()).toEqual([`remove file ${path}`, 'restart service hello']);
  await world.up();
  expect(done()).toEqual(['remove', 'restart']);
  expect(await world.pending()).toEqual([]);
});

test('undo gives the file back first and restarts then', async () => {
  const { world, done } = runningWorld();
  world.host.files.set(path, { kind: 'file', content: Buffer.from('old'), mode: '0644', owner: 'root', group: 'root' });
  const before = world.snapshot();
  await world.up();
  done();
  const changes = (await world.planUndo()).plan.steps.flatMap((one) => one.changes);
  expect(changes.map(({ verb, title }) => `${verb} ${title}`)).toEqual([
    `update file ${path}`,
    'restart service hello',
  ]);
  expect(await world.undo()).toMatchObject({ code: 0, recap: [{ counts: { updated: 1, restarted: 1 } }] });
  expect(done()).toEqual(['put-file', 'restart']);
  expect(world.snapshot()).toEqual(before);
  await world.undo();
  expect(done()).toEqual([]);
});

test('an undo that dies before the restart makes it up', async () => {
  const { world, done } = runningWorld();
  await world.up();
  world.host.failAt = world.host.changes + 2;
  expect(await world.undo()).toMatchObject({ code: 1 });
  done();
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect(done()).toEqual(['restart']);
});

test('a service that the run started is stopped before its settings go', async () => {
  const { world, done } = runningWorld();
  world.host.services.set('hello', { isActive: false, file: 'enabled' });
  await world.up();
  done();
  await world.undo();
  expect(done()).toEqual(['stop', 'remove']);
});

test('what is at no path can’t be watched', () => {
  const other = service({ name: 'other', state: 'running' });
  expect(() => service({ name: 'hello', restartWhen: [other] })).toThrow('service other is at no path');
});
