import { expect, it } from 'vitest';
import { FakeGithub } from '../../src/connect/fake/github.ts';
import { FakeHost } from '../../src/connect/fake/host.ts';
import type { StepInstance } from '../../src/model/project.ts';
import { FakeIndex } from '../cases/runner/fake-index.ts';
import { instancesOf } from '../cases/runner/instances.ts';
import { githubTarget } from '../rig/defaults.ts';
import { World } from '../rig/world.ts';

const repository = 'acme/devpi-deployment';
const earlier = [
  'platform/10_authority',
  'platform/15_argo_kinds',
  'platform/20_traefik',
  'platform/25_gateway',
  'platform/60_registry',
  'platform/70_object_store',
  'platform/75_argo_workflows',
];

const step = 'devpi/60_build_workflow';

it('a repository on GitHub is told of the key that builds have, and whom to tell of pushes, and forgets both', async () => {
  const vars = {
    containerDeployment: {
      repository,
      url: `git@github.com:${repository}.git`,
      knownHosts: 'github.com ssh-ed25519 AAAA',
      webhookHost: 'devpi-build.cairn.localhost',
      isGithub: true,
    },
  };
  const all = await instancesOf([...earlier, step], vars);
  const http = new FakeIndex();
  http.resources.set('/v2/library/devpi/manifests/main', {});
  const github = new FakeGithub([repository]);
  const before = new World(
    all.filter(({ id }) => id !== step),
    { host: new FakeHost(), http, github },
  );
  expect((await before.up({ verify: false })).failure).toBeUndefined();
  const { host, kube, git } = before;
  const endpoints = { github: githubTarget(github) };
  const world = new World(
    all
      .filter(({ id }) => id === step)
      .map((one): StepInstance => ({ ...one, endpoints: { ...one.endpoints, ...endpoints } })),
    { host, kube, git, github, http },
  );
  expect((await world.up({ verify: false })).failure).toBeUndefined();
  expect(await world.pending()).toEqual([]);
  const told = [...github.snapshot().values()];
  expect(told).toMatchObject([
    { title: `cairn builds of ${repository}`, read_only: false },
    {
      events: ['push'],
      config: { content_type: 'json', url: expect.stringMatching(/^https:\/\/devpi-build\.cairn\.localhost\//) },
    },
  ]);
  expect((await world.undo()).failure).toBeUndefined();
  expect(github.snapshot().size).toBe(0);
});
