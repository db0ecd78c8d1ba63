import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FakeGithub } from '../../src/connect/fake/github.ts';
import { FakeHarbor } from '../../src/connect/fake/harbor.ts';
import type { Resources } from '../../src/model/step.ts';
import { restore, step } from '../../src/model/step.ts';
import { github, harbor, k8s, ssh } from '../../src/sdk.ts';
import { githubTarget, harborTarget } from '../rig/defaults.ts';
import { instancesIn } from '../rig/instances.ts';
import { World } from '../rig/world.ts';

it.each([
  ['github.md', 4],
  ['registries.md', 4],
])('the example of docs/%s is made, is then unchanged, and is taken back', async (file, count) => {
  const doc = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
  const [, code = ''] = /```ts\n\{\n(.*?)\n\}\n```/s.exec(doc) ?? [];
  const declared = step({
    summary: 'The example',
    on: 'cluster',
    undo: restore,
    resources: () => new Function('github', 'harbor', 'k8s', 'ssh', code)(github, harbor, k8s, ssh) as Resources,
  });
  const [hub, images] = [new FakeGithub(['acme/shop']), new FakeHarbor()];
  const endpoints = { github: githubTarget(hub), harbor: harborTarget(images) };
  const instances = instancesIn({ 'shop/10_services': declared }).map((one) => ({ ...one, endpoints }));
  const world = new World(instances, { github: hub, harbor: images });
  world.kube.edit({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }, 'kubectl', (object) => object);
  const before = [world.snapshot(), hub.snapshot(), images.snapshot()];
  expect((await world.up()).failure?.causes ?? []).toEqual([]);
  expect(world.outcomes()).toHaveLength(count);
  expect(await world.pending()).toEqual([]);
  expect((await world.undo()).failure?.causes ?? []).toEqual([]);
  expect([world.snapshot(), hub.snapshot(), images.snapshot()]).toEqual(before);
});
