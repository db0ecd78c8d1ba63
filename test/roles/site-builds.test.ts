import { expect, it } from 'vitest';
import { lossesWithoutConsent } from '../../src/cli/consent.ts';
import type { FakeGit } from '../../src/connect/fake/git.ts';
import { FakeGithub } from '../../src/connect/fake/github.ts';
import { reveal } from '../../src/model/secret.ts';
import type { RunResult } from '../../src/run/outcome.ts';
import { FakeIndex } from '../cases/runner/fake-index.ts';
import { instancesOf } from '../cases/runner/instances.ts';
import { raiseSite } from '../rig/site.ts';
import { World } from '../rig/world.ts';

const repository = 'example/devpi-deployment';
const steps = [
  'devpi/10_namespace',
  'devpi/20_storage',
  'devpi/60_build_workflow',
  'devpi/65_passwords',
  'devpi/70_deploy_devpi',
];

type Vars = Readonly<Record<string, unknown>>;

/** The index of `inventory/example` up to its server, whose image somebody has built. */
async function siteOf(vars: Vars = {}): Promise<World> {
  const http = new FakeIndex();
  http.resources.set('/v2/python/devpi/manifests/main', {});
  const world = new World(await instancesOf(steps, vars, 'example'), { http, github: new FakeGithub([repository]) });
  raiseSite(world.kube);
  return world;
}

const causes = async (done: Promise<RunResult>): Promise<unknown> => (await done).failure?.causes ?? [];

async function secretIn({ kube }: World, namespace: string, name: string): Promise<(key: string) => string> {
  const found = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  const data = (found?.data ?? {}) as Readonly<Record<string, string>>;
  return (key) => Buffer.from(data[key] ?? '', 'base64').toString();
}

interface Config {
  readonly auths: Readonly<Record<string, { readonly username: string; readonly password: string }>>;
}

/** The login to the Harbor that a Secret for pods holds. */
async function loginOf(world: World, namespace: string, name: string): Promise<Config['auths'][string] | undefined> {
  const { auths } = JSON.parse((await secretIn(world, namespace, name))('.dockerconfigjson')) as Config;
  return auths['harbor.example.com'];
}

it('a site is made, is then unchanged without a write, and keeps nothing of it after undo', async () => {
  const world = await siteOf();
  const before = [world.snapshot(), world.github.snapshot(), world.harbor.snapshot()];
  expect(await causes(world.up({ verify: false }))).toEqual([]);
  const writes = (): number => world.github.writes + world.harbor.writes + world.kube.writes;
  const made = writes();
  expect(await world.pending()).toEqual([]);
  expect(await causes(world.up({ verify: false }))).toEqual([]);
  expect(writes()).toBe(made);
  expect(await causes(world.undo())).toEqual([]);
  expect([world.snapshot(), world.github.snapshot(), world.harbor.snapshot()]).toEqual(before);
});

it('builds push and pods pull as the robot, by the secret that the cluster keeps', async () => {
  const world = await siteOf();
  await world.up({ verify: false });
  const password = (await secretIn(world, 'registry', 'registry-login'))('password');
  const login = { username: 'robot$python+cairn', password };
  expect(await loginOf(world, 'argo', 'devpi-build-registry')).toMatchObject(login);
  expect(await loginOf(world, 'devpi', 'devpi-pull')).toMatchObject(login);
  const url = 'https://harbor.fake/service/token?service=harbor-registry';
  expect(await world.harbor.send(url, { basic: { user: login.username, password } })).toMatchObject({ status: 200 });
  expect(JSON.stringify([world.events, await world.journal.entries()])).not.toContain(password);
});

it('GitHub has the public half of the key of builds and Argo CD, and signs for the name that leads to the receiver', async () => {
  const world = await siteOf();
  await world.up({ verify: false });
  const key = await secretIn(world, 'argo', 'devpi-build-key');
  const webhook = await secretIn(world, 'argo', 'devpi-build-webhook');
  const argoCd = await secretIn(world, 'argocd', 'devpi-deployment');
  expect(argoCd('sshPrivateKey')).toBe(key('ssh-privatekey'));
  expect(argoCd('url')).toBe(`ssh://git@github.com/${repository}.git`);
  const [deployKey, hook] = [...world.github.snapshot().values()];
  expect(deployKey).toMatchObject({ read_only: false });
  expect(key('ssh-publickey')).toContain((deployKey as { readonly key: string }).key);
  expect([...world.github.secrets.values()]).toEqual([webhook('secret')]);
  const route = await world.kube.get({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    namespace: 'argo',
    name: 'devpi-build',
  });
  const { hostnames = [] } = (route?.spec ?? {}) as { readonly hostnames?: readonly string[] };
  expect(hook).toMatchObject({ events: ['push'], config: { content_type: 'json' } });
  expect(new URL((hook as { readonly config: { readonly url: string } }).config.url).host).toBe(hostnames[0]);
  const outcomes = world.outcomes();
  const hooked = outcomes.findIndex((line) => line.startsWith('created Webhook'));
  for (const first of ['created Deployment argo/devpi-build', 'created HTTPRoute argo/devpi-build'])
    expect(outcomes.indexOf(first)).toBeLessThan(hooked);
});

it('images in the project are asked about before they go with it', async () => {
  const world = await siteOf();
  await world.up({ verify: false });
  world.harbor.push('python', 'devpi');
  const { plan } = await world.planUndo();
  const losses = (allowed: readonly string[]) => lossesWithoutConsent(plan, allowed).map(({ summary }) => summary);
  expect(losses([])).toContain('Project python holds data that would be lost');
  expect(losses(['Project/python'])).not.toContain('Project python holds data that would be lost');
  expect(JSON.stringify(plan)).toContain('the images of python go too: devpi');
  expect(await causes(world.undo())).toEqual([]);
  expect(world.harbor.snapshot().size).toBe(0);
});

it('a project that is let go of stays with its images, and the robot goes', async () => {
  const world = await siteOf();
  await world.up({ verify: false });
  world.harbor.push('python', 'devpi');
  expect(await causes(world.forget('Project/python'))).toEqual([]);
  expect(await causes(world.undo())).toEqual([]);
  expect([...world.harbor.snapshot()]).toEqual([['python', expect.objectContaining({ repositories: ['devpi'] })]]);
});

it('a project that was there stays, with its images', async () => {
  const world = await siteOf();
  const { user, password } = world.harbor;
  const project = { project_name: 'python', metadata: { public: 'true' } };
  await world.harbor.send('https://harbor.fake/api/v2.0/projects', {
    method: 'POST',
    basic: { user, password: reveal(password) },
    json: project,
  });
  world.harbor.push('python', 'wheels');
  const before = world.harbor.snapshot();
  expect(await causes(world.up({ verify: false }))).toEqual([]);
  expect(await causes(world.undo())).toEqual([]);
  expect(world.harbor.snapshot()).toEqual(before);
});

it('a Harbor that calls its robots otherwise is told before anybody is refused', async () => {
  const world = await siteOf({ registry: { robotPrefix: 'bot-' } });
  const { failure } = await world.up({ verify: false });
  expect(failure?.causes[0]).toMatchObject({
    code: 'other-robot',
    summary: 'the robot of this Harbor is called robot$python+cairn, and not bot-python+cairn',
  });
  await expect(world.plan()).rejects.toMatchObject({ code: 'other-robot' });
  expect(await causes(world.undo())).toEqual([]);
  expect(world.harbor.snapshot().size).toBe(0);
});

it('the server runs what is built, whatever that is called', async () => {
  const world = await siteOf({ containerDeployment: { image: 'python/our-index' } });
  (world.http as FakeIndex).resources.set('/v2/python/our-index/manifests/main', {});
  expect(await causes(world.up({ verify: false }))).toEqual([]);
  const text = (world.git as FakeGit).textOf(`git@github.com:${repository}.git`, 'main', 'manifests/deployment.json');
  // the builder's component names it by the last part, too
  expect(text).toContain('"image": "our-index"');
});
