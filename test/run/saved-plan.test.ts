import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { file } from '../../src/resources/host/file.ts';
import { aptPackage } from '../../src/resources/host/package.ts';
import { object } from '../../src/resources/kubernetes/object.ts';
import { World } from '../rig/world.ts';
import { configMap, objectsIn, rootFile } from './things.ts';

const password = 'correct horse battery staple';

const long = (last: string): string => `${'line\n'.repeat(9)}${last}\n`;

const secrets = step({
  summary: 'What nobody may see, and what is too long to be shown',
  on: 'hosts',
  undo: restore,
  resources: () => ({
    secret: file({ path: '/etc/secret', content: new Secret(password), mode: '0600' }),
    private: rootFile('/etc/private', long('ours'), '0600'),
    kube: object({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'default', name: 'login' },
      data: { password: new Secret(Buffer.from(password).toString('base64')) },
    }),
  }),
});

const maps = (names: readonly string[]): Step =>
  step({
    summary: 'Maps',
    on: 'cluster',
    undo: restore,
    resources: () => Object.fromEntries(names.map((name) => [name, configMap('default', name, { key: 'value' })])),
  });

const first = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'demo', name: 'first' };
const login = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'login' };

async function put(world: World, path: string, content: string, mode = '0644'): Promise<void> {
  const operation = { do: 'put-file', path, content, mode, owner: 'root', group: 'root' } as const;
  await world.host.change({ guards: [], readBack: [], operations: [operation] });
}

/** What kept a saved plan from being carried out, resource by resource. */
async function movedIn(world: World, change: () => unknown): Promise<readonly (readonly string[])[]> {
  const saved = await world.save();
  await change();
  const before = world.snapshot();
  const { code, failure } = await world.upExactly(saved);
  expect(code).toBe(5);
  expect(world.snapshot()).toEqual(before);
  return (failure?.causes ?? []).map(({ summary, detail = [] }) => [summary, ...detail]);
}

describe('a saved plan', () => {
  it('happens as it stands while nothing moved', async () => {
    const world = new World({ 'demo/10_secrets': secrets, 'demo/20_objects': objectsIn('demo', { team: 'a' }) });
    await put(world, '/etc/private', long('theirs'), '0600');
    const saved = await world.save();
    const planned = await world.pending();
    expect(await world.upExactly(saved)).toMatchObject({ code: 0 });
    const said = planned.map((line) => line.replace(/^(\w+)e /, '$1ed '));
    expect(world.outcomes().toSorted()).toEqual(said.toSorted());
    expect(await world.pending()).toEqual([]);
  });

  it('holds no secret, neither plain nor encoded', async () => {
    const world = new World({ 'demo/10_secrets': secrets });
    const text = JSON.stringify(await world.save());
    expect(text).toContain('/etc/secret');
    for (const form of [password, Buffer.from(password).toString('base64'), encodeURIComponent(password)])
      expect(text).not.toContain(form);
  });

  it('is not carried out twice', async () => {
    const world = new World({ 'demo/20_objects': objectsIn('demo', { team: 'a' }) });
    const saved = await world.save();
    expect(await world.upExactly(saved)).toMatchObject({ code: 0 });
    const again = await world.upExactly(saved);
    expect(again).toMatchObject({ code: 5 });
    expect(again.failure?.causes[0]).toMatchObject({
      code: 'moved',
      summary: 'Namespace demo moved since the plan was made',
      detail: ['it was absent, and is there now'],
    });
  });
});

describe('a saved plan stops, and names', () => {
  it('a field that is another one now, before and now', async () => {
    const world = new World({ 'demo/20_objects': objectsIn('demo', { team: 'a' }) });
    await world.up();
    world.kube.edit(first, 'kubectl-edit', (live) => ({ ...live, data: { key: 'red' } }));
    const moved = await movedIn(world, () =>
      world.kube.edit(first, 'kubectl-edit', (live) => ({ ...live, data: { key: 'green' } })),
    );
    expect(moved).toEqual([['ConfigMap demo/first moved since the plan was made', 'data.key  red  →  green']]);
  });

  it('what was as wished when the plan was made', async () => {
    const world = new World({ 'demo/20_objects': objectsIn('demo', { team: 'a' }) });
    await world.up();
    const moved = await movedIn(world, () =>
      world.kube.edit(first, 'kubectl-edit', (live) => ({ ...live, data: { key: 'green' } })),
    );
    expect(moved[0]).toEqual(['ConfigMap demo/first moved since the plan was made', 'data.key  value  →  green']);
  });

  it('what somebody has done meanwhile', async () => {
    const world = new World({ 'demo/20_objects': objectsIn('demo', { team: 'a' }) });
    await world.up();
    world.kube.edit(first, 'kubectl-edit', (live) => ({ ...live, data: { key: 'red' } }));
    const moved = await movedIn(world, () =>
      world.kube.edit(first, 'kubectl-edit', (live) => ({ ...live, data: { key: 'value' } })),
    );
    expect(moved[0]).toEqual(['ConfigMap demo/first moved since the plan was made', 'data.key  red  →  value']);
  });

  it('what came and what went', async () => {
    const world = new World({
      'demo/10_files': step({
        summary: 'Files',
        on: 'hosts',
        undo: restore,
        resources: () => ({ came: rootFile('/etc/came', 'a\n'), went: rootFile('/etc/went', 'b\n') }),
      }),
    });
    await put(world, '/etc/went', 'other\n');
    const moved = await movedIn(world, async () => {
      await put(world, '/etc/came', 'other\n');
      await world.host.change({ guards: [], readBack: [], operations: [{ do: 'remove', path: '/etc/went' }] });
    });
    expect(moved).toEqual([
      ['file /etc/came moved since the plan was made', 'it was absent, and is there now'],
      ['file /etc/went moved since the plan was made', 'it was there, and is gone now'],
    ]);
  });

  it('a secret, and a text of which plans show only how long it is', async () => {
    const world = new World({ 'demo/10_secrets': secrets });
    await put(world, '/etc/secret', 'old', '0600');
    await put(world, '/etc/private', long('theirs'), '0600');
    world.kube.edit(login, 'kubectl-create', (live) => ({ ...live, data: {} }));
    await world.up();
    await put(world, '/etc/secret', 'one', '0600');
    await put(world, '/etc/private', long('one'), '0600');
    world.kube.edit(login, 'kubectl-edit', (live) => ({ ...live, data: { password: 'b25l' } }));
    const moved = await movedIn(world, async () => {
      await put(world, '/etc/secret', 'two', '0600');
      await put(world, '/etc/private', long('two'), '0600');
      world.kube.edit(login, 'kubectl-edit', (live) => ({ ...live, data: { password: 'dHdv' } }));
    });
    expect(moved).toEqual([
      ['file /etc/secret moved since the plan was made', "content  changed, in what plans don't show"],
      ['file /etc/private moved since the plan was made', "content  changed, in what plans don't show"],
      ['Secret default/login moved since the plan was made', "data.password  changed, in what plans don't show"],
    ]);
  });

  it('a field that belongs to somebody else now', async () => {
    const world = new World({ 'demo/20_objects': objectsIn('demo', { team: 'a' }) });
    await world.up();
    const moved = await movedIn(world, () =>
      world.kube.applyAs('flux', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'demo', name: 'first' },
        data: { key: 'theirs' },
      }),
    );
    expect(moved[0]).toEqual(['ConfigMap demo/first moved since the plan was made', 'data.key belongs to flux now']);
  });

  it('what a folder of manifests or a chart makes since', async () => {
    const world = new World({ 'demo/20_objects': objectsIn('demo', { team: 'a' }) });
    const saved = await world.save();
    const [objects] = saved.plan.steps;
    if (!objects) throw new Error('no step');
    const plan = { ...saved.plan, steps: [{ ...objects, changes: objects.changes.slice(0, 2) }] };
    const { failure } = await world.upExactly({ ...saved, plan });
    expect(failure?.causes).toMatchObject([
      { summary: 'ConfigMap demo/second moved since the plan was made', detail: ['it was not part of the plan'] },
    ]);
  });

  it('what would no longer be said for sure', async () => {
    const world = new World({
      'demo/10_files': step({
        summary: 'A program and its settings',
        on: 'hosts',
        undo: restore,
        resources: () => ({ program: aptPackage({ name: 'nginx' }), settings: rootFile('/etc/nginx', 'ours\n') }),
      }),
    });
    world.host.packages.available.set('nginx', { version: '1' });
    await world.up();
    const moved = await movedIn(world, () => world.host.packages.remove(['nginx']));
    expect(moved).toEqual([
      ['package nginx moved since the plan was made', 'it was there, and is gone now'],
      [
        'file /etc/nginx moved since the plan was made',
        'unchanged was planned, and now it is undecided: after package nginx',
      ],
    ]);
  });

  it('what is no longer declared, and is another one now', async () => {
    const world = new World({ 'demo/20_maps': maps(['one', 'two']) });
    await world.up();
    world.useSteps({ 'demo/20_maps': maps(['one']) });
    expect(await world.pending()).toEqual(['remove ConfigMap default/two']);
    const two = { ...first, namespace: 'default', name: 'two' };
    const moved = await movedIn(world, () =>
      world.kube.edit(two, 'kubectl-edit', (live) => ({ ...live, data: { key: 'theirs' } })),
    );
    expect(moved).toEqual([['ConfigMap default/two moved since the plan was made', 'it is not what it was']]);
    world.kube.edit(two, 'kubectl-edit', (live) => ({ ...live, data: { key: 'value' } }));
    expect(await world.upExactly(await world.save())).toMatchObject({ code: 0 });
  });

  it('another cluster behind the same name', async () => {
    const world = new World({ 'demo/20_objects': objectsIn('demo', { team: 'a' }) });
    const saved = await world.save();
    const { failure } = await world.upExactly({ ...saved, targets: { 'cluster:kit': 'cluster:kit/0' } });
    expect(failure?.causes[0]).toMatchObject({
      summary: 'cluster kit is another one than when the plan was made',
      detail: ['cluster:kit/0  →  cluster:kit/1'],
    });
  });
});

describe('a saved plan is not stopped by', () => {
  it('what nobody wishes anything of', async () => {
    const world = new World({ 'demo/20_objects': objectsIn('demo', { team: 'a' }) });
    await world.up();
    world.kube.edit(first, 'kubectl-edit', (live) => ({ ...live, data: { key: 'red' } }));
    const saved = await world.save();
    world.kube.edit(first, 'kubectl-edit', (live) => ({ ...live, data: { key: 'red', theirs: 'more' } }));
    expect(await world.upExactly(saved)).toMatchObject({ code: 0 });
  });

  it('what was left open and turned out unchanged', async () => {
    const made = step({
      summary: 'Two maps',
      on: 'cluster',
      undo: restore,
      resources() {
        const one = configMap('default', 'one', { key: 'value' });
        return { one, two: configMap('default', 'two', { key: one.out.uid }) };
      },
    });
    const world = new World({ 'demo/10_maps': made });
    await world.up();
    world.kube.edit({ ...first, namespace: 'default', name: 'one' }, 'kubectl-edit', (live) => ({
      ...live,
      data: { key: 'red' },
    }));
    const saved = await world.save();
    expect(await world.pending()).toEqual(['update ConfigMap default/one', 'undecided ConfigMap default/two']);
    expect(await world.upExactly(saved)).toMatchObject({ code: 0 });
    expect(world.outcomes().slice(-2)).toEqual(['updated ConfigMap default/one', 'unchanged ConfigMap default/two']);
  });
});
