import { expect, it } from 'vitest';
import { FakeHost } from '../../src/connect/fake/host.ts';
import type { StepInstance } from '../../src/model/project.ts';
import { type Step, step } from '../../src/model/step.ts';
import { file } from '../../src/resources/host/file.ts';
import { World } from '../rig/world.ts';

const names = ['web1', 'web2', 'web3'];

function page(hooks: string[]): Step {
  return step({
    summary: 'A page',
    on: 'hosts',
    undo: {
      is: 'hooks',
      before: async ({ host }) => {
        const { stdout } = await host.run({ argv: ['hostname'] });
        hooks.push(stdout);
      },
    },
    resources: () => ({
      one: file({ path: '/etc/one', content: 'x', mode: '0644', owner: 'root', group: 'root' }),
      two: file({ path: '/etc/two', content: 'x', mode: '0644', owner: 'root', group: 'root' }),
    }),
  });
}

function openWorld(more: Partial<StepInstance> = {}): { world: World; hooks: string[]; hosts: Map<string, FakeHost> } {
  const hooks: string[] = [];
  const hosts = new Map(names.map((name) => [name, new FakeHost()]));
  for (const [name, host] of hosts) host.commands.push({ argv: ['hostname'], run: () => ({ stdout: name }) });
  const [box] = new World({ 'demo/10_page': page(hooks) }).instances;
  if (!box) throw new Error('no step');
  const instances = names.map(
    (name) => ({ ...box, target: { kind: 'host', name, connection: 'local' }, ...more }) as const,
  );
  return { world: new World(instances, { hosts }), hooks, hosts };
}

it('undo goes host by host, each under its own name, with its own hooks', async () => {
  const { world, hooks } = openWorld();
  const before = world.snapshot();
  await world.up();
  const { plan } = await world.planUndo();
  expect(plan.steps.map(({ id, target, changes }) => [id, target, changes.map(({ title }) => title)])).toEqual(
    names.map((name) => ['demo/10_page', `host:${name}`, ['file /etc/two', 'file /etc/one']]).toReversed(),
  );
  const result = await world.undo();
  expect(result.recap.map(({ target, counts }) => [target, counts])).toEqual(
    names.map((name) => [`host:${name}`, { removed: 2 }]).toReversed(),
  );
  expect(hooks.toSorted()).toEqual(names);
  expect(world.snapshot()).toEqual(before);
});

/** How many hosts were in the midst of the step at the same time. */
async function mostAtOnce(world: World, work = () => world.undo()): Promise<number> {
  world.events.length = 0;
  await work();
  let now = 0;
  return world.events.reduce((most, { type }) => {
    now += type === 'step-started' ? 1 : type === 'step-finished' ? -1 : 0;
    return Math.max(most, now);
  }, 0);
}

it('hosts are undone side by side, and one by one where their component goes in batches', async () => {
  const { world } = openWorld();
  await world.up();
  expect(await mostAtOnce(world)).toBe(3);
  const careful = openWorld({ serial: [1] });
  await careful.world.up();
  expect(await mostAtOnce(careful.world)).toBe(1);
});

it('what a step no longer declares goes from its hosts side by side as well', async () => {
  const { world } = openWorld();
  const before = world.snapshot();
  await world.up();
  world.use(world.instances.map((one) => ({ ...one, step: { ...one.step, resources: () => ({}) } })));
  expect(await mostAtOnce(world, () => world.up())).toBe(3);
  expect(world.snapshot()).toEqual(before);
});

it('a host that fails ends the undo, and the others have done their part', async () => {
  const { world, hosts } = openWorld();
  const before = world.snapshot();
  await world.up();
  const web2 = hosts.get('web2');
  if (web2) web2.failAt = web2.changes + 1;
  expect(await world.undo()).toMatchObject({ code: 1, failure: { target: 'host:web2' } });
  expect(await world.undo()).toMatchObject({ code: 0 });
  expect(world.snapshot()).toEqual(before);
});
