import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/model/kube.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { World } from '../rig/world.ts';
import { configMap } from './things.ts';

const box: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'box' };

function holding(value: string): Readonly<Record<string, Step>> {
  return {
    'demo/10_box': step({
      summary: 'A box',
      on: 'cluster',
      undo: restore,
      resources: () => ({ box: configMap('default', 'box', { key: value }) }),
    }),
  };
}

async function lines(world: World, more = {}): Promise<readonly string[]> {
  const { plan } = await world.planUndo(more);
  return plan.steps.flatMap(({ changes }) =>
    changes.map(({ verb, title, problem }) => [verb, title, ...(problem ? [problem.summary] : [])].join(' ')),
  );
}

describe('where two journals work on one cluster', () => {
  it('undo without the newer one refuses, and changes nothing unless it is told to', async () => {
    const ours = new World(holding('ours'));
    await ours.up();
    const theirs = new World(holding('theirs'), ours);
    expect(await theirs.up()).toMatchObject({ code: 0 });
    expect(await lines(ours)).toEqual([
      "refused ConfigMap default/box ConfigMap default/box: last written by run s1, which this journal doesn't know",
    ]);
    expect(await ours.undo()).toMatchObject({ code: 1, failure: { causes: [{ code: 'other-journal' }] } });
    expect(await ours.kube.get(box)).toMatchObject({ data: { key: 'theirs' } });
    expect(await lines(ours, { force: true })).toEqual(['remove ConfigMap default/box']);
  });

  it('a journal that has nothing of what stands there does not call it nothing to undo', async () => {
    const ours = new World(holding('ours'));
    await ours.up();
    const empty = new World(holding('ours'), ours);
    expect(await empty.elsewhere()).toMatchObject([
      {
        code: 'other-journal',
        summary: "ConfigMap default/box: last written by run r1, which this journal doesn't know",
      },
    ]);
    expect(await ours.elsewhere()).toEqual([]);
  });

  it('what a step of ours wrote last is ours again', async () => {
    const ours = new World(holding('ours'));
    await ours.up();
    await new World(holding('theirs'), ours).up();
    await ours.up();
    expect(await lines(ours)).toEqual(['remove ConfigMap default/box']);
    expect(await ours.undo()).toMatchObject({ code: 0 });
    expect(await ours.kube.get(box)).toBeNull();
  });
});
