import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { derive, isDeferred } from '../../src/model/deferred.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { manifests } from '../../src/resources/kubernetes/bundle/manifests.ts';
import { declarePlaced } from '../../src/resources/kubernetes/bundle/objects.ts';
import { type BundleMore, bundle } from '../../src/resources/kubernetes/bundle/type.ts';
import { existing } from '../../src/resources/kubernetes/kinds/existing.ts';
import { World } from '../rig/world.ts';
import { configMap } from './things.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-bundle-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, ...objects: readonly object[]): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
}

const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: '1' } };
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
  },
};

function putShop(): void {
  put('namespace.json', shop);
  put('app/web.yaml', settings, web);
}

function shopStep(more: BundleMore = {}): Step {
  return step({
    summary: 'A shop from a folder',
    on: 'cluster',
    undo: restore,
    resources() {
      const app = manifests({ folder, namespace: 'shop' }, more);
      const after = configMap('shop', 'after', {
        uid: derive([app.out], (out) => String(out['Deployment/shop/web']?.uid)),
      });
      return { app, after };
    },
    async verify({ check, live }) {
      await check('the shop is there', async () => {
        if (!live.app['Deployment/shop/web']?.uid) throw new Error('it has no uid');
      });
    },
  });
}

describe('a folder of manifests', () => {
  it('is planned object by object, made, waited for, unchanged the second time, and taken back', async () => {
    putShop();
    const world = new World({ 'demo/10_shop': shopStep() });
    const before = world.snapshot();
    const plan = await world.plan();
    const changes = plan.steps[0]?.changes ?? [];
    expect(changes.map(({ verb, title, source }) => `${verb} ${title} <${source !== undefined}>`)).toEqual([
      'create ConfigMap shop/settings <true>',
      'create Deployment shop/web <true>',
      'create Namespace shop <true>',
      'create ConfigMap shop/after <false>',
    ]);
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ checks: { passed: 1 } }] });
    expect(world.outcomes().at(0)).toBe('created Namespace shop');
    expect(world.outcomes().at(-1)).toBe('created ConfigMap shop/after');
    const made = world.snapshot();
    expect(await world.pending()).toEqual([]);
    await world.up();
    expect(world.snapshot()).toEqual(made);
    expect(await world.verify()).toMatchObject({ code: 0 });
    rmSync(folder, { recursive: true, force: true });
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it('shows in plan and in verify what somebody changed by hand, and takes it back', async () => {
    putShop();
    const world = new World({ 'demo/10_shop': shopStep() });
    await world.up();
    world.kube.edit(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' },
      'kubectl-edit',
      (live) => ({ ...live, data: { a: '2' } }),
    );
    expect(await world.pending()).toEqual(['update ConfigMap shop/settings', 'undecided ConfigMap shop/after']);
    expect(await world.verify()).toMatchObject({ code: 1 });
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.verify()).toMatchObject({ code: 0 });
  });

  it('is left alone where its condition is false, and opened during the run where that is known only then', async () => {
    putShop();
    const off = new World({
      'demo/10_shop': step({
        summary: 'off',
        on: 'cluster',
        undo: restore,
        resources: () => ({
          app: manifests({ folder, namespace: 'shop' }, { when: false, because: 'nobody wants it' }),
        }),
      }),
    });
    expect((await off.plan()).steps[0]?.changes).toMatchObject([{ verb: 'skip', why: 'nobody wants it' }]);
    expect(await off.up()).toMatchObject({ code: 0 });
    expect(off.outcomes()).toHaveLength(1);

    const later = step({
      summary: 'later',
      on: 'cluster',
      undo: restore,
      resources() {
        const flag = configMap('default', 'flag', { on: 'yes' });
        const when = derive([flag.out.uid], (uid) => uid !== '');
        return { flag, app: manifests({ folder, namespace: 'shop' }, { when }) };
      },
    });
    const world = new World({ 'demo/10_shop': later });
    const before = world.snapshot();
    expect(await world.pending()).toEqual([
      'create ConfigMap default/flag',
      expect.stringMatching(/^undecided manifests /),
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(world.outcomes()).toContain('created Deployment shop/web');
    expect(await world.pending()).toEqual([]);
    await world.undo();
    expect(world.snapshot()).toEqual(before);
  });

  it('may stay at undo, as one', async () => {
    putShop();
    const kept = step({
      summary: 'kept',
      on: 'cluster',
      undo: restore,
      resources: () => ({ app: manifests({ folder, namespace: 'shop' }).keep('others use it') }),
    });
    const world = new World({ 'demo/10_shop': kept });
    await world.up();
    const { plan } = await world.planUndo();
    expect(new Set(plan.steps.flatMap(({ changes }) => changes.map(({ verb, why }) => `${verb}: ${why}`)))).toEqual(
      new Set(['kept: others use it']),
    );
  });

  it('may not declare what another step declares', async () => {
    putShop();
    const twice = step({
      summary: 'twice',
      on: 'cluster',
      undo: restore,
      resources: () => ({ mine: configMap('shop', 'settings', {}) }),
    });
    const world = new World({ 'demo/10_shop': shopStep(), 'demo/20_twice': twice });
    const problems = (await world.plan()).steps.flatMap(({ changes }) =>
      changes.flatMap(({ problem }) => problem ?? []),
    );
    expect(problems.map(({ code, summary }) => [code, summary])).toEqual([
      ['declared-twice', 'ConfigMap shop/settings is declared by demo/20_twice and by demo/10_shop'],
    ]);
  });

  it('gives what a later step reads, though that is planned before it is there', async () => {
    putShop();
    const reading = step({
      summary: 'reads',
      on: 'cluster',
      undo: restore,
      resources() {
        const there = existing.object({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' });
        return { there, copy: configMap('shop', 'copy', { uid: there.out.uid }) };
      },
    });
    const world = new World({ 'demo/10_shop': shopStep(), 'demo/20_read': reading });
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(world.outcomes()).toContain('created ConfigMap shop/copy');
    expect(await world.pending()).toEqual([]);
  });

  it('says in the plan what is wrong with it, with its place', async () => {
    put('a.yaml', { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} });
    const world = new World({ 'demo/10_shop': shopStep() });
    const [change] = (await world.plan()).steps[0]?.changes ?? [];
    expect(change).toMatchObject({
      verb: 'refused',
      problem: { code: 'incomplete-object', source: { line: 1, column: 1 } },
    });
  });

  it('is made for a check alone, and swept', async () => {
    putShop();
    const scratching = step({
      summary: 'scratch',
      on: 'cluster',
      undo: restore,
      resources: () => ({ mine: configMap('default', 'mine', {}) }),
      verify: ({ scratch }) =>
        scratch('the shop opens', { app: manifests({ folder, namespace: 'shop' }) }, async (live) => {
          if (!live.app['Deployment/shop/web']?.uid) throw new Error('it has no uid');
        }),
    });
    const world = new World({ 'demo/10_scratch': scratching });
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ checks: { passed: 1 } }] });
    expect(JSON.stringify(world.snapshot())).not.toContain('"shop"');
  });
});

describe('custom objects of a bundle', () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'stones.cairn.example' },
    spec: {
      group: 'cairn.example',
      names: { kind: 'Stone', plural: 'stones', singular: 'stone' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };

  it('are predicted before their definition exists, and made after it is served', async () => {
    put('stone.yaml', { apiVersion: 'cairn.example/v1', kind: 'Stone', metadata: { name: 'one' } }, definition);
    const world = new World({
      'demo/10_stones': step({
        summary: 's',
        on: 'cluster',
        undo: restore,
        resources: () => ({ all: manifests({ folder, namespace: 'default' }) }),
      }),
    });
    const before = world.snapshot();
    expect((await world.plan()).steps[0]?.changes).toMatchObject([
      { title: 'Stone default/one', verb: 'create', certainty: 'predicted', why: 'its definition is not there yet' },
      { title: 'CustomResourceDefinition stones.cairn.example', verb: 'create', certainty: 'exact' },
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(world.outcomes()).toEqual([
      'created CustomResourceDefinition stones.cairn.example',
      'created Stone default/one',
    ]);
    expect(await world.pending()).toEqual([]);
    await world.undo();
    expect(world.snapshot()).toEqual(before);
  });
});

describe('a bundle made from later values', () => {
  // As a chart does: what it becomes depends on what it is given.
  const made = bundle<{ name: string }, { text: string }>({
    name: 'test/made',
    identity: ['name'],
    title: ({ name }) => `made ${name}`,
    inspect: () => Promise.resolve([]),
    expand: async ({ name }, { text }) => [
      declarePlaced({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name }, { data: { text } }),
    ],
  });

  it('is undecided until they are known, and exact once they are', async () => {
    const chained = step({
      summary: 'chained',
      on: 'cluster',
      undo: restore,
      resources() {
        const first = configMap('default', 'first', {});
        expect(isDeferred(first.out.uid)).toBe(true);
        return { first, made: made({ name: 'second' }, { text: first.out.uid }) };
      },
    });
    const world = new World({ 'demo/10_chained': chained });
    expect((await world.plan()).steps[0]?.changes).toMatchObject([
      { verb: 'create' },
      { verb: 'undecided', why: 'after ConfigMap default/first' },
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect((await world.plan()).steps[0]?.changes).toMatchObject([
      { verb: 'unchanged' },
      { verb: 'unchanged', title: 'ConfigMap default/second', source: 'made second' },
    ]);
    expect(await world.verify()).toMatchObject({ code: 0 });
  });
});
