import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ReadyOf } from '../../src/model/ready.ts';
import { restore, step } from '../../src/model/step.ts';
import { manifests } from '../../src/resources/kubernetes/bundle/manifests.ts';
import { World } from '../rig/world.ts';

let folder: string;

const stone = (name: string) => ({
  apiVersion: 'cairn.example/v1',
  kind: 'Stone',
  metadata: { namespace: 'default', name },
  spec: {},
});
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'stones.cairn.example' },
  spec: {
    group: 'cairn.example',
    names: { kind: 'Stone', plural: 'stones' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-ready-'));
  const objects = [definition, stone('one'), stone('two'), stone('three')];
  writeFileSync(join(folder, 'all.json'), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const worldWith = (ready: ReadyOf): World =>
  new World({
    'demo/10_stones': step({
      summary: 'Stones',
      on: 'cluster',
      undo: restore,
      resources: () => ({ all: manifests({ folder }, { ready }) }),
    }),
  });

function turn(world: World, name: string, status: object): void {
  const ref = { apiVersion: 'cairn.example/v1', kind: 'Stone', namespace: 'default', name };
  world.kube.edit(ref, 'stone-controller', (object) => ({ ...object, status }));
}

it('holds the objects of a bundle to what its step says: by address first, then by pattern, then by kind', async () => {
  const world = worldWith({
    Stone: { conditions: { Synced: 'True' } },
    'Stone/default/t*': { fields: { 'status.phase': 'Running' } },
    'Stone.cairn.example/default/three': { fields: { 'status.weight': 3 } },
  });
  const late = await world.up();
  expect(late).toMatchObject({ code: 1, failure: { title: expect.stringMatching(/^Stone default\//) } });
  turn(world, 'one', { conditions: [{ type: 'Synced', status: 'True' }] });
  turn(world, 'two', { phase: 'Running' });
  turn(world, 'three', { phase: 'Waiting', weight: 2 });
  expect(await world.up()).toMatchObject({
    code: 1,
    failure: {
      title: 'Stone default/three',
      causes: [{ summary: 'Stone default/three: status.weight is 2' }, { code: 'not-ready' }],
    },
  });
  turn(world, 'three', { weight: 3 });
  expect(await world.up()).toMatchObject({ code: 0 });
});

it('fails at once where the step says that an object failed for good', async () => {
  const world = worldWith({
    Stone: { fields: { 'status.phase': 'Up' }, failed: { fields: { 'status.phase': 'Lost' } } },
  });
  await world.up();
  turn(world, 'one', { phase: 'Lost' });
  expect(await world.up()).toMatchObject({
    failure: { causes: [{ summary: 'Stone default/one: status.phase is Lost' }] },
  });
});

it('refuses to say something of an object that is not there', async () => {
  const { steps } = await worldWith({ 'Stone/default/tow': {}, Stones: {}, 'Pebble/*': {} }).plan();
  expect(steps[0]?.changes).toMatchObject([
    {
      verb: 'refused',
      problem: {
        code: 'ready-of-nothing',
        help: 'did you mean Stone/default/two?',
        detail: [expect.stringContaining('Stones'), expect.stringContaining('Pebble/*')],
      },
    },
  ]);
});
