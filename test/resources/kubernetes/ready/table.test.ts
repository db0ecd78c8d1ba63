import { describe, it } from 'vitest';
import { FakeKube } from '../../../../src/connect/fake/kube.ts';
import type { Mutable } from '../../../../src/connect/fake/kube-json.ts';
import { refOf } from '../../../../src/connect/fake/kube-store.ts';
import type { KubeObject } from '../../../../src/model/kube.ts';
import { argoDefinitions } from '../../../rig/argo.ts';
import { cases } from './cases.ts';
import { expectVerdict } from './expect-verdict.ts';
import { play, type Stage } from './stage.ts';

/** Milliseconds: everything on the fake server is a minute old, and has had its time to start. */
const age = 60_000;

describe.each(Object.entries(cases))('readiness of %s', (_, table) => {
  it.each(table.map((one) => [one.it, one] as const))('%s', async (_name, one) => {
    expectVerdict(one, await play(fakeStage(), one), 'default');
  });
});

function fakeStage(): Stage {
  const kube = new FakeKube({ now: () => Date.now() - age, controllers: false });
  for (const definition of argoDefinitions) kube.applyAs('kubectl', definition);
  return {
    namespace: 'default',
    reader: kube,
    put: async (object) => {
      const wish = object as unknown as Mutable;
      const ref = refOf(wish);
      kube.edit(ref, 'controller', () => structuredClone(wish));
      return (await kube.get(ref)) as KubeObject;
    },
    logged: (pod, lines) => kube.logged('default', pod, lines),
  };
}
