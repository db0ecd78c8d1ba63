import { expect, it } from 'vitest';
import { FakeKube } from '../../src/connect/fake/kube.ts';
import { CairnError, problem } from '../../src/model/diagnostic.ts';
import type { DryRun, KubeObject } from '../../src/model/kube.ts';
import { restore, step } from '../../src/model/step.ts';
import { object } from '../../src/resources/kubernetes/object.ts';
import { World } from '../rig/world.ts';

/** An API server that finds fault with one object. */
class Strict extends FakeKube {
  override dryRun(wanted: KubeObject): Promise<DryRun> {
    if (wanted.metadata.name !== 'bad') return super.dryRun(wanted);
    return Promise.reject(new CairnError(problem('kube-invalid', 'the API server refuses ConfigMap default/bad')));
  }
}

const settings = (name: string) =>
  object({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name }, data: { a: 'b' } });
const steps = {
  'demo/10_settings': step({
    summary: 'Two settings, one of them wrong',
    on: 'cluster',
    undo: restore,
    resources: () => ({ good: settings('good'), bad: settings('bad') }),
  }),
};

it('says beside everything else what the server refuses, and verify counts it as a failed check', async () => {
  const kube = new Strict();
  await kube.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'bad' }, data: {} });
  const world = new World(steps, { kube });
  const lines = (await world.plan()).steps.flatMap(({ changes }) =>
    changes.map(({ verb, title, problem: why }) => [verb, title, why?.code]),
  );
  expect(lines).toEqual([
    ['create', 'ConfigMap default/good', undefined],
    ['refused', 'ConfigMap default/bad', 'kube-invalid'],
  ]);
  expect(await world.verify()).toMatchObject({ code: 1, recap: [{ checks: { failed: 1 } }] });
});
