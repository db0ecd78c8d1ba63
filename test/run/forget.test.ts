import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/model/kube.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { generated } from '../../src/resources/kubernetes/issued/generated.ts';
import { job } from '../../src/resources/kubernetes/kinds/job.ts';
import { secret } from '../../src/resources/kubernetes/kinds/secret.ts';
import { marksOn } from '../../src/resources/kubernetes/owned.ts';
import { World } from '../rig/world.ts';
import { configMap, rootFile } from './things.ts';

const ref: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'one' };
const address = 'ConfigMap/default/one';

const stepOf = (resources: Step['resources']): Step =>
  step({ summary: 'Things', on: 'hosts', undo: restore, resources });
const both = stepOf(() => ({
  one: configMap('default', 'one', { key: 'a' }),
  two: configMap('default', 'two', { key: 'b' }),
  file: rootFile('/etc/motd', 'hello\n'),
}));

async function made(): Promise<World> {
  const world = new World({ 'demo/10_things': both });
  world.host.files.makeDirectories('/etc');
  await world.up();
  world.events.length = 0;
  return world;
}

describe('letting go', () => {
  it('says what goes and what stays, and that a step still declares it', async () => {
    const world = await made();
    const { plan } = await world.planForget(address, 'file/etc/motd');
    const declared = "created by run r1; demo/10_things declares it, so a later up makes it Cairn's again";
    expect(plan.steps.flatMap(({ changes }) => changes.map(({ verb, title, why }) => [verb, title, why]))).toEqual([
      ['forget', 'file /etc/motd', declared],
      ['forget', 'ConfigMap default/one', declared],
    ]);
    expect(plan.steps[1]?.changes[0]?.fields.map(({ path }) => path)).toEqual([
      'label cairn.dev/owner',
      'annotation cairn.dev/applied',
      'annotation cairn.dev/run',
      'the ownership of its fields',
    ]);
  });

  it('leaves it as it is, unmarked, and undo takes back the rest', async () => {
    const world = await made();
    expect(await world.forget(address, 'file/etc/motd')).toMatchObject({
      code: 0,
      recap: [{ counts: { forgotten: 1 } }, { counts: { forgotten: 1 } }],
    });
    expect(world.outcomes()).toEqual(['forgotten file /etc/motd', 'forgotten ConfigMap default/one']);
    const object = await world.kube.get(ref);
    expect([object?.data, object && marksOn(object)]).toEqual([{ key: 'a' }, []]);
    expect(await world.undo()).toMatchObject({ code: 0, recap: [{ counts: { removed: 1 } }] });
    expect((await world.kube.get(ref))?.data).toEqual({ key: 'a' });
    expect(world.host.files.get('/etc/motd')).toBeDefined();
    expect((await world.planUndo()).plan.steps).toEqual([]);
  });

  it('is not taken away when the step no longer declares it', async () => {
    const world = await made();
    await world.forget(address);
    world.useSteps({ 'demo/10_things': stepOf(() => ({ file: rootFile('/etc/motd', 'hello\n') })) });
    expect(await world.pending()).toEqual(['remove ConfigMap default/two']);
    await world.up();
    expect((await world.kube.get(ref))?.data).toEqual({ key: 'a' });
  });

  it('is adopted by the next up that declares it, and undo then gives back what was let go of', async () => {
    const world = await made();
    await world.forget(address);
    const before = await world.kube.get(ref);
    expect(await world.pending()).toEqual(['adopt ConfigMap default/one']);
    await world.up();
    expect(await world.pending()).toEqual([]);
    await world.undo();
    const after = await world.kube.get(ref);
    expect([after?.data, after && marksOn(after), after?.metadata.uid]).toEqual([
      { key: 'a' },
      [],
      before?.metadata.uid,
    ]);
  });

  it('keeps the value of a Secret that it made, through letting go and adopting again', async () => {
    const login = () => ({ login: secret({ namespace: 'default', name: 'login', data: { password: generated(16) } }) });
    const world = new World({ 'demo/10_things': stepOf(login) });
    await world.up();
    const at = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'login' };
    const before = (await world.kube.get(at))?.data;
    await world.forget('Secret/default/login');
    expect(await world.pending()).toEqual(['adopt Secret default/login']);
    await world.up();
    expect(await world.pending()).toEqual([]);
    expect((await world.kube.get(at))?.data).toEqual(before);
  });

  it('leaves a Job that ran, and does not run it again unasked', async () => {
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'j', image: 'j' }] } };
    const once = () => ({ once: job({ namespace: 'default', name: 'once', spec: { template } }) });
    const world = new World({ 'demo/10_things': stepOf(once) });
    await world.up();
    const at = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: 'once' };
    const before = await world.kube.get(at);
    await world.forget('Job/default/once');
    expect((await world.kube.get(at))?.metadata.uid).toBe(before?.metadata.uid);
    expect((await world.plan()).steps[0]?.changes).toMatchObject([{ verb: 'foreign', title: 'Job default/once' }]);
  });

  it('needs nothing that is still there', async () => {
    const world = await made();
    world.kube.edit(ref, 'somebody', () => null);
    const { plan } = await world.planForget(address);
    expect(plan.steps[0]?.changes).toMatchObject([{ verb: 'forget', why: 'it is gone already', fields: [] }]);
    expect(await world.forget(address)).toMatchObject({ code: 0 });
    expect((await world.planUndo()).plan.steps.flatMap(({ changes }) => changes.map(({ title }) => title))).toEqual([
      'file /etc/motd',
      'ConfigMap default/two',
    ]);
  });

  it('touches nothing that it can not see', async () => {
    const world = await made();
    world.kube.forbid(ref, 'ConfigMap one is forbidden');
    const { plan } = await world.planForget(address);
    expect(plan.steps[0]?.changes).toMatchObject([{ verb: 'refused', problem: { code: 'kube-forbidden' } }]);
  });

  it('leaves the marks of another journal', async () => {
    const world = await made();
    const other = new World({ 'demo/10_things': both }, world);
    world.kube.edit(ref, 'kubectl-edit', (object) => ({ ...object, data: { key: 'drifted' } }));
    await other.up();
    await world.forget(address);
    const object = await world.kube.get(ref);
    expect(object && marksOn(object)).not.toEqual([]);
    expect((await world.planUndo()).plan.steps[0]?.changes.map(({ title }) => title)).not.toContain(address);
  });
});

describe.each([true, false])('killed at a record (which %s reaches the disk) while letting go', (keeps) => {
  it.each([1, 2, 3])('%i: undo does not take it, and saying it again ends it', async (record) => {
    const world = await made();
    world.journal.crashAt(record, keeps);
    await world.forget(address).catch(() => ({}));
    world.journal.revive('lost');
    const isIntended = world.journal.written.some(
      (entry) => entry.is === 'intent' && entry.run === 'r2' && entry.intents.some((one) => one.address === address),
    );
    const { plan } = await world.planUndo();
    const line = plan.steps.flatMap(({ changes }) => changes).find((change) => change.address === address);
    expect(line).toMatchObject(
      isIntended ? { verb: 'refused', problem: { code: 'half-forgotten' } } : { verb: 'remove' },
    );
    expect(await world.forget(address)).toMatchObject({ code: 0 });
    const object = await world.kube.get(ref);
    expect([object?.data, object && marksOn(object)]).toEqual([{ key: 'a' }, []]);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(await world.kube.get(ref)).not.toBeNull();
  });
});
