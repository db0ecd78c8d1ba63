import { describe, expect, it } from 'vitest';
import { lossesWithoutConsent } from '../../../src/cli/consent.ts';
import { FakeGithub } from '../../../src/connect/fake/github.ts';
import { FakeHarbor } from '../../../src/connect/fake/harbor.ts';
import { restore, type Step, step } from '../../../src/model/step.ts';
import { github, harbor, k8s, ssh } from '../../../src/sdk.ts';
import { githubTarget, harborTarget } from '../../rig/defaults.ts';
import { instancesIn } from '../../rig/instances.ts';
import { World } from '../../rig/world.ts';

const repository = 'acme/shop';
const namespace = 'shop';

function worldOf(declared: Step): World {
  const [hub, images] = [new FakeGithub([repository]), new FakeHarbor()];
  const endpoints = { github: githubTarget(hub), harbor: harborTarget(images) };
  const instances = instancesIn({ 'shop/10_outside': declared }).map((one) => ({ ...one, endpoints }));
  const world = new World(instances, { github: hub, harbor: images });
  world.kube.edit({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, 'kubectl', (object) => object);
  return world;
}

const outside = (): Step =>
  step({
    summary: 'What the shop has elsewhere',
    on: 'cluster',
    undo: restore,
    resources: () => {
      const pair = ssh.keyPair({ namespace, name: 'deploy-key', comment: 'cairn' });
      const secrets = k8s.secret({
        namespace,
        name: 'made',
        data: { hook: k8s.generated(24), robot: k8s.generated(24) },
      });
      const key = github.deployKey({ repository, title: 'builds', key: pair.out.data['ssh-publickey'] });
      const hook = github.webhook({ repository, url: 'https://ci.example/push', secret: secrets.out.data.hook });
      const project = harbor.project({ name: 'shop', public: false, storage_limit: 1024 });
      const robot = harbor.robotAccount(
        { project: 'shop', name: 'ci', permissions: ['repository:push'], secret: secrets.out.data.robot },
        { after: [project] },
      );
      const login = k8s.dockerConfig({
        namespace,
        name: 'push',
        registries: { 'harbor.fake': { user: robot.out.user, password: secrets.out.data.robot } },
      });
      return { pair, secrets, key, hook, project, robot, login };
    },
  });

const failures = async (done: ReturnType<World['up']>): Promise<unknown> => (await done).failure?.causes ?? [];

describe('GitHub and Harbor in a run', () => {
  it('are made with what the cluster keeps, are then unchanged without a write, and are as before after undo', async () => {
    const world = worldOf(outside());
    const before = [world.github.snapshot(), world.harbor.snapshot(), world.snapshot()];
    expect(await failures(world.up())).toEqual([]);
    expect(world.outcomes()).toEqual(
      expect.arrayContaining([
        'created DeployKey acme/shop "builds"',
        'created Webhook acme/shop to https://ci.example/push',
        'created Project shop',
        'created RobotAccount shop+ci',
      ]),
    );
    const writes = world.github.writes + world.harbor.writes;
    expect(await world.pending()).toEqual([]);
    expect(await failures(world.up())).toEqual([]);
    expect(world.github.writes + world.harbor.writes).toBe(writes);
    expect(await failures(world.undo())).toEqual([]);
    expect([world.github.snapshot(), world.harbor.snapshot(), world.snapshot()]).toEqual(before);
  });

  it('get a secret again that is made anew, and nothing else is written', async () => {
    const world = worldOf(outside());
    await world.up();
    const [old] = world.github.secrets.values();
    world.kube.edit({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'made' }, 'kubectl', () => null);
    const [hub, images] = [world.github.writes, world.harbor.writes];
    expect(await failures(world.up())).toEqual([]);
    expect([world.github.writes - hub, world.harbor.writes - images]).toEqual([1, 1]);
    expect([...world.github.secrets.values()]).not.toEqual([old]);
    expect(await world.pending()).toEqual([]);
  });

  it('show no secret in what is said and what is kept', async () => {
    const world = worldOf(outside());
    await world.up();
    await world.undo();
    const made = [...world.github.secrets.values()];
    const said = JSON.stringify([world.events, await world.journal.entries()]);
    for (const secret of made) expect(said).not.toContain(secret);
  });

  it('ask before images go, which take no project with them otherwise', async () => {
    const world = worldOf(outside());
    await world.up();
    world.harbor.push('shop', 'web/front');
    const { plan } = await world.planUndo();
    expect(lossesWithoutConsent(plan, []).map(({ summary }) => summary)).toEqual([
      'Project shop holds data that would be lost',
    ]);
    expect(JSON.stringify(plan)).toContain('the images of shop go too: web/front');
    expect(await failures(world.undo())).toEqual([]);
    expect(world.harbor.snapshot().size).toBe(0);
  });

  it('name the title under which a key is in a repository already', async () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHv3N8K0bJ0b7Yk6s1b2kX0m1Qe3rT9uWzVx5yZ7aBcD';
    const declare = (title: string): Step =>
      step({
        summary: 'A key',
        on: 'cluster',
        undo: restore,
        resources: () => ({ key: github.deployKey({ repository, title, key }) }),
      });
    const world = worldOf(declare('by hand'));
    await world.up();
    world.use(worldOf(declare('builds')).instances);
    const plan = await world.plan();
    expect(JSON.stringify(plan)).toContain('deploy key \\"builds\\" of acme/shop is there as \\"by hand\\"');
  });
});
