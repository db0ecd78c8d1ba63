import { describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/model/kube.ts';
import { Secret } from '../../src/model/secret.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { index as packageIndex } from '../../src/resources/devpi/package-index.ts';
import { command } from '../../src/resources/host/command.ts';
import { existing } from '../../src/resources/kubernetes/kinds/existing.ts';
import { action } from '../../src/resources/world/action.ts';
import { FakeIndex } from '../cases/runner/fake-index.ts';
import { World } from '../rig/world.ts';
import { configMap, rootFile } from './things.ts';

type Declared = ReturnType<Step['resources']>;

/** A step whose declaration a test changes between runs. */
function changing(first: Declared): { step: Step; declare(next: Declared): void } {
  let now = first;
  return {
    step: step({ summary: 'Changes', on: 'hosts', undo: restore, resources: () => now }),
    declare: (next) => {
      now = next;
    },
  };
}

const mapRef = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });
const map = (name: string, value = 'a') => configMap('default', name, { key: value });

async function linesOf(world: World): Promise<readonly string[]> {
  const { steps } = await world.plan();
  return steps.flatMap(({ id, changes }) =>
    changes
      .filter(({ verb }) => verb !== 'unchanged')
      .map(({ verb, title, why }) => [id, verb, title, ...(why === undefined ? [] : [why])].join(' ')),
  );
}

describe('what a step no longer declares', () => {
  it('goes, after what takes its place, and undo leaves it away', async () => {
    const { step: one, declare } = changing({ old: map('old'), file: rootFile('/etc/old', 'x') });
    const world = new World({ 'demo/10_one': one });
    world.host.files.makeDirectories('/etc');
    const before = world.snapshot();
    await world.up();
    declare({ fresh: map('new') });
    expect(await linesOf(world)).toEqual([
      'demo/10_one create ConfigMap default/new',
      'demo/10_one remove file /etc/old no longer declared by demo/10_one',
      'demo/10_one remove ConfigMap default/old no longer declared by demo/10_one',
    ]);
    world.events.length = 0;
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 1, removed: 2 } }] });
    expect(world.outcomes()).toEqual([
      'created ConfigMap default/new',
      'removed file /etc/old',
      'removed ConfigMap default/old',
    ]);
    expect(await linesOf(world)).toEqual([]);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
    expect((await world.planUndo()).plan.steps).toEqual([]);
  });

  it('goes with a step that left the playbook', async () => {
    const { step: one } = changing({ old: map('old') });
    const { step: two } = changing({ other: map('other') });
    const world = new World({ 'demo/10_one': one, 'demo/20_two': two });
    await world.up();
    world.useSteps({ 'demo/20_two': two });
    expect(await linesOf(world)).toEqual([
      'demo/10_one remove ConfigMap default/old no longer declared by demo/10_one',
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.kube.get(mapRef('old'))).toBeNull();
  });

  it('is given back with its owners where it was there before', async () => {
    const { step: one, declare } = changing({ theirs: map('theirs', 'ours') });
    const world = new World({ 'demo/10_one': one });
    world.kube.applyAs('helm', asObject('theirs', { other: 'kept' }));
    const before = world.snapshot();
    await world.up();
    declare({});
    expect(await linesOf(world)).toEqual([
      'demo/10_one update ConfigMap default/theirs given back: no longer declared by demo/10_one',
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
    expect(await linesOf(world)).toEqual([]);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it('stays where another step declares it now, or reads it', async () => {
    const { step: one, declare } = changing({ moved: map('moved'), read: map('read') });
    const { step: two, declare: declareTwo } = changing({});
    const world = new World({ 'demo/10_one': one, 'demo/20_two': two });
    await world.up();
    declare({});
    declareTwo({ moved: map('moved'), read: existing.object(mapRef('read')) });
    expect(await linesOf(world)).toEqual([
      'demo/10_one kept ConfigMap default/read no longer declared by demo/10_one, but demo/20_two reads it',
      'demo/20_two read ConfigMap default/read',
    ]);
  });

  it('stays where the step said that it stays, and where somebody else changed it', async () => {
    const { step: one, declare } = changing({
      kept: map('kept').keep('others use it'),
      edited: map('edited'),
    });
    const world = new World({ 'demo/10_one': one });
    await world.up();
    declare({});
    world.kube.edit(mapRef('edited'), 'kubectl-edit', (object) => ({ ...object, data: { key: 'theirs' } }));
    expect(await linesOf(world)).toEqual([
      'demo/10_one kept ConfigMap default/edited no longer declared by demo/10_one, but somebody else changed it: data.key',
      'demo/10_one kept ConfigMap default/kept no longer declared by demo/10_one: others use it',
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await world.kube.get(mapRef('edited'))).not.toBeNull();
  });

  it('says of an action that it stays, because how to take it back went with its declaration', async () => {
    let state: object | null = null;
    const done = action<{ on: boolean }>({
      id: 'switch',
      want: { on: true },
      read: () => Promise.resolve(state as { on: boolean } | null),
      run: () => {
        state = { on: true };
        return Promise.resolve();
      },
      undo: () => Promise.resolve(),
    });
    const { step: one, declare } = changing({
      done,
      command: command({ id: 'c', argv: ['make'], creates: '/made', undo: ['unmake'] }),
    });
    const world = new World({ 'demo/10_one': one });
    world.host.commands.push({ argv: ['make'], run: (_, host) => void host.files.makeDirectories('/made') });
    world.host.commands.push({ argv: ['unmake'], run: (_, host) => void host.files.remove('/made') });
    expect(await world.up()).toMatchObject({ code: 0 });
    declare({});
    expect(await linesOf(world)).toEqual([
      'demo/10_one remove command c no longer declared by demo/10_one',
      'demo/10_one kept switch no longer declared by demo/10_one, and how to take it back went with its declaration',
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
  });

  it('takes back what is in a server that no port of its own leads to', async () => {
    const index = new FakeIndex();
    const server = { url: 'https://devpi.test', password: new Secret('root-password') };
    const kit = packageIndex({ server, name: 'root/kit', type: 'stage' });
    const { step: one, declare } = changing({ kit });
    const world = new World({ 'demo/10_one': one }, { http: index });
    await world.up();
    expect(index.resources.has('/root/kit')).toBe(true);
    declare({});
    expect(await linesOf(world)).toEqual(['demo/10_one remove devpi index root/kit no longer declared by demo/10_one']);
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(index.resources.has('/root/kit')).toBe(false);
  });

  it('never takes what others made, whatever labels it carries, nor what another journal made', async () => {
    const { step: one, declare } = changing({ ours: map('ours') });
    const world = new World({ 'demo/10_one': one });
    await world.up();
    const ours = await world.kube.get(mapRef('ours'));
    const labels = ours?.metadata.labels ?? {};
    world.kube.edit(mapRef('lookalike'), 'kubectl', (object) => ({
      ...object,
      metadata: { name: 'lookalike', namespace: 'default', labels, annotations: ours?.metadata.annotations ?? {} },
    }));
    const elsewhere = new World({ 'demo/10_one': changing({ other: map('other') }).step }, world);
    await elsewhere.up();
    declare({});
    await world.up();
    expect(await world.kube.get(mapRef('ours'))).toBeNull();
    expect(await world.kube.get(mapRef('lookalike'))).not.toBeNull();
    expect(await world.kube.get(mapRef('other'))).not.toBeNull();
  });

  it('is left alone when it was taken back and somebody made it anew', async () => {
    const { step: one, declare } = changing({ old: map('old') });
    const world = new World({ 'demo/10_one': one });
    await world.up();
    declare({});
    await world.up();
    world.kube.edit(mapRef('old'), 'kubectl', (object) => ({ ...object, data: { key: 'theirs' } }));
    expect(await linesOf(world)).toEqual([]);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(await world.kube.get(mapRef('old'))).toMatchObject({ data: { key: 'theirs' } });
  });

  it('comes back when the run that took it is undone, and goes again', async () => {
    const { step: one, declare } = changing({ old: map('old') });
    const world = new World({ 'demo/10_one': one });
    await world.up();
    declare({});
    await world.up();
    expect(await world.undo({}, 'r2')).toMatchObject({ code: 0 });
    expect(await world.kube.get(mapRef('old'))).toMatchObject({ data: { key: 'a' } });
    expect(await linesOf(world)).toEqual([
      'demo/10_one remove ConfigMap default/old no longer declared by demo/10_one',
    ]);
    await world.up();
    expect(await world.kube.get(mapRef('old'))).toBeNull();
  });

  it('is made again when the step declares it again', async () => {
    const { step: one, declare } = changing({ old: map('old') });
    const world = new World({ 'demo/10_one': one });
    const before = world.snapshot();
    await world.up();
    declare({});
    await world.up();
    declare({ old: map('old') });
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 1 } }] });
    expect(await linesOf(world)).toEqual([]);
    await world.undo();
    expect(world.snapshot()).toEqual(before);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('goes on after a kill at record %i', async (record) => {
    const { step: one, declare } = changing({ a: map('a'), b: map('b') });
    const world = new World({ 'demo/10_one': one });
    const before = world.snapshot();
    await world.up();
    declare({ c: map('c') });
    world.journal.crashAt(record, record % 2 === 0);
    await world.up().catch(() => undefined);
    world.journal.revive();
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(await linesOf(world)).toEqual([]);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });
});

function asObject(name: string, data: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name }, data };
}
