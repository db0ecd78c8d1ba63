import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/model/kube.ts';
import type { Resource } from '../../src/model/resource.ts';
import { restore, step } from '../../src/model/step.ts';
import { helmRelease } from '../../src/resources/kubernetes/bundle/helm-release.ts';
import { kustomization } from '../../src/resources/kubernetes/bundle/kustomization.ts';
import { manifests } from '../../src/resources/kubernetes/bundle/manifests.ts';
import { whyNo } from '../rig/programs.ts';
import { World } from '../rig/world.ts';

interface Sort {
  /** Where the objects lie, and what else the bundle needs. */
  readonly objects: string;
  readonly frame: Readonly<Record<string, string>>;
  declare(folder: string): Resource<unknown>;
  readonly why: string | null;
}

const sorts: Readonly<Record<string, Sort>> = {
  'a folder of manifests': {
    objects: 'all.yaml',
    frame: {},
    declare: (folder) => manifests({ folder, namespace: 'default' }),
    why: null,
  },
  'a kustomization': {
    objects: 'all.yaml',
    frame: { 'kustomization.yaml': 'resources: [all.yaml]\nnamespace: default\n' },
    declare: (folder) => kustomization({ folder }),
    why: whyNo('kubectl'),
  },
  'a chart': {
    objects: 'templates/all.yaml',
    frame: { 'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n' },
    declare: (folder) => helmRelease({ name: 'shop', namespace: 'default', chart: folder }),
    why: whyNo('helm'),
  },
};

const labels = { app: 'shop' };
const ref = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-dropped-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function putMaps({ objects, frame }: Sort, names: readonly string[]): void {
  for (const [name, text] of Object.entries(frame)) put(name, text);
  const maps = names.map((name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels },
    data: { a: '1' },
  }));
  put(objects, maps.map((map) => JSON.stringify(map)).join('\n---\n'));
}

describe.each(Object.entries(sorts))('what %s no longer holds', (_, sort) => {
  it.skipIf(sort.why !== null)('is removed and said so, or given back; what only looks like it stays', async () => {
    const declaring = step({
      summary: 'A shop',
      on: 'cluster',
      undo: restore,
      resources: () => ({ shop: sort.declare(folder) }),
    });
    const world = new World({ 'demo/10_shop': declaring });
    for (const name of ['theirs', 'lookalike']) {
      world.kube.edit(ref(name), 'kubectl-create', (object) => ({
        ...object,
        metadata: { name, namespace: 'default', labels: { ...labels, team: 'blue' } },
        data: { a: '1' },
      }));
    }
    const before = world.snapshot();
    putMaps(sort, ['kept', 'theirs', 'old']);
    expect(await world.up()).toMatchObject({ code: 0 });
    putMaps(sort, ['kept']);
    const lines = (await world.plan()).steps.flatMap(({ changes }) =>
      changes.map(({ verb, title, why }) => [verb, title, why]),
    );
    expect(lines.filter(([verb]) => verb !== 'unchanged').toSorted()).toEqual([
      ['remove', 'ConfigMap default/old', 'no longer declared by demo/10_shop'],
      ['update', 'ConfigMap default/theirs', 'given back: no longer declared by demo/10_shop'],
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.kube.get(ref('old'))).toBeNull();
    expect(await world.kube.get(ref('kept'))).not.toBeNull();
    expect(await world.pending()).toEqual([]);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });
});
