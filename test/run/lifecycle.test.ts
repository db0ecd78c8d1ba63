import { describe, expect, it } from 'vitest';
import { CairnError, problem } from '../../src/model/diagnostic.ts';
import { restore, step } from '../../src/model/step.ts';
import { command } from '../../src/resources/host/command.ts';
import { directory } from '../../src/resources/host/directory.ts';
import { object } from '../../src/resources/kubernetes/object.ts';
import { World } from '../rig/world.ts';
import { configMap, objectsIn, rootFile } from './things.ts';

const files = step({
  summary: 'Lay out the folder',
  on: 'hosts',
  undo: restore,
  resources: () => ({
    folder: directory({ path: '/opt/demo', mode: '0755', owner: 'root', group: 'root' }),
    first: rootFile('/opt/demo/a', 'one\n'),
    second: rootFile('/etc/demo.conf', 'two\n', '0600'),
  }),
});

const objects = objectsIn('demo', { team: 'a' });

const steps = { 'demo/10_files': files, 'demo/20_objects': objects };

describe('a run over the fake world', () => {
  it('plans what it then does, is all unchanged the second time, and gives everything back', async () => {
    const world = new World(steps);
    world.host.files.makeDirectories('/etc');
    const before = world.snapshot();
    const pending = await world.pending();
    expect(pending).toEqual([
      'create directory /opt/demo',
      'create file /opt/demo/a',
      'create file /etc/demo.conf',
      'create Namespace demo',
      'create ConfigMap demo/first',
      'create ConfigMap demo/second',
    ]);
    expect(world.snapshot()).toEqual(before);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(world.outcomes()).toEqual(pending.map((line) => line.replace('create', 'created')));
    const after = world.snapshot();
    expect(await world.pending()).toEqual([]);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(after);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
    const { plan } = await world.planUndo();
    expect(plan.steps).toEqual([]);
  });

  it('takes back what somebody changed by hand, and undo still returns to the first state', async () => {
    const world = new World(steps);
    const before = world.snapshot();
    await world.up();
    const path = '/etc/demo.conf';
    await world.host.change({
      guards: [],
      readBack: [],
      operations: [{ do: 'put-file', path, content: 'hm', mode: '0600', owner: 'root', group: 'root' }],
    });
    world.kube.edit(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'demo', name: 'first' },
      'kubectl-edit',
      (live) => ({ ...live, data: { key: 'other' } }),
    );
    expect(await world.pending()).toEqual([
      'update file /etc/demo.conf',
      'update ConfigMap demo/first',
      'undecided ConfigMap demo/second',
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.pending()).toEqual([]);
    await world.undo();
    expect(world.snapshot()).toEqual(before);
  });

  it('refuses to undo over a change that came after it, unless forced', async () => {
    const world = new World(steps);
    const before = world.snapshot();
    await world.up();
    world.kube.edit(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'demo', name: 'first' },
      'kubectl-edit',
      (live) => ({ ...live, data: { key: 'other' } }),
    );
    const { plan } = await world.planUndo();
    const refused = plan.steps.flatMap(({ changes }) => changes).filter(({ verb }) => verb === 'refused');
    expect(refused.map(({ title, problem }) => [title, problem?.code])).toEqual([
      ['ConfigMap demo/first', 'changed-after-us'],
    ]);
    expect(await world.undo({ force: true })).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it('stops at the first failure and says what was not reached', async () => {
    const failing = step({
      summary: 'Fails',
      on: 'hosts',
      undo: restore,
      resources: () => ({ bad: command({ id: 'bad', argv: ['false'], unless: ['false'] }).keep('it never worked') }),
    });
    const world = new World({ 'demo/10_files': files, 'demo/15_bad': failing, 'demo/20_objects': objects });
    const result = await world.up();
    expect(result).toMatchObject({ code: 1, notReached: ['demo/20_objects'], failure: { step: 'demo/15_bad' } });
    expect(result.failure?.causes[0]?.summary).toBeTruthy();
  });

  it('reports a failed check with its cause, and goes on with the other checks', async () => {
    const checked = step({
      summary: 'Is checked',
      on: 'cluster',
      undo: restore,
      resources: () => ({ namespace: object({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } }) }),
      async verify({ check, live }) {
        await check('it has a uid', async () => {
          if (live.namespace.uid === '') throw new Error('none');
        });
        await check('it is purple', async () => {
          throw new CairnError(problem('colour', 'it is green'));
        });
        await check('it says where', async () => {
          throw new Error('GET https://it/ → 302\n\n  expected 200');
        });
        await check('it is there', async () => {});
      },
    });
    const world = new World({ 'demo/10_checked': checked });
    const result = await world.up();
    expect(result).toMatchObject({ code: 1, recap: [{ checks: { passed: 2, failed: 2, skipped: 0 } }] });
    expect(result.failure?.causes[0]).toMatchObject({ code: 'colour' });
    expect(await world.verify()).toMatchObject({ code: 1, recap: [{ checks: { passed: 3, failed: 2 } }] });
    const said = world.events.flatMap((event) => (event.type === 'check-finished' ? (event.why ?? []) : []));
    expect(said[1]).toMatchObject({ summary: 'GET https://it/ → 302', detail: ['  expected 200'] });
  });

  it('proves by behaviour what differs from its declaration, and not what is missing', async () => {
    const id = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'demo', name: 'first' };
    const checked = step({
      summary: 'Is checked',
      on: 'cluster',
      undo: restore,
      resources: () => ({
        namespace: object({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } }),
        map: configMap('demo', 'first', { key: 'value' }),
      }),
      verify: ({ check, live }) =>
        check('its key is value', async () => {
          const { key } = live.map.data as { readonly key?: string };
          if (key !== 'value') throw new Error(`key is ${key}`);
        }),
    });
    const world = new World({ 'demo/10_checked': checked });
    await world.up();
    world.kube.edit(id, 'kubectl-edit', (live) => ({ ...live, data: { key: 'other' } }));
    expect(await world.verify()).toMatchObject({ code: 1, recap: [{ checks: { passed: 0, failed: 2 } }] });
    const reasons = world.events.flatMap((event) => (event.type === 'check-finished' ? (event.why ?? []) : []));
    expect(reasons.map(({ summary }) => summary)).toEqual(['ConfigMap demo/first is not as declared', 'key is other']);
    world.kube.edit(id, 'kubectl', () => null);
    expect(await world.verify()).toMatchObject({ code: 1, recap: [{ checks: { passed: 0, failed: 1 } }] });
  });
});
